import zlib from 'node:zlib'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { CHUNK_BYTES } from './input-file.ts'
import { decodeStream, throughStream } from './node-streams.ts'
import type { Zstd } from './zstd.ts'

const LEVEL = 3

/** One chunk at a time: if one waits when the stream ends, Node 24 adds an empty frame, which no package may have. */
const ONE_CHUNK = { writableHighWaterMark: 1 }
/** Size of the stream's output chunks: with the default 16 KiB, the overhead of a chunk exceeds its content. */
const PIECES = { chunkSize: CHUNK_BYTES }

/** Returns Node's zlib. Throws `IO` if it is that of Node 22.14, which has no zstd. */
export function zlibWithZstd(): typeof zlib {
  if ((zlib as Partial<typeof zlib>).zstdDecompressSync !== undefined) return zlib
  throw new NumPackError('IO', `Compressed packages need Node 22.15 or newer; this is ${process.version}.`)
}

export const nodeZstd: Zstd = {
  backend: 'node',

  compress(size, chunks) {
    const { constants, createZstdCompress } = zlibWithZstd()
    const params = { [constants.ZSTD_c_compressionLevel]: LEVEL }
    return throughStream(createZstdCompress({ ...ONE_CHUNK, ...PIECES, params, pledgedSrcSize: size }), chunks)
  },

  decompress(chunks) {
    const { constants, createZstdDecompress } = zlibWithZstd()
    const params = { [constants.ZSTD_d_windowLogMax]: LIMITS.zstdWindowLog }
    return decodeStream(createZstdDecompress({ ...PIECES, params }), chunks)
  },
}
