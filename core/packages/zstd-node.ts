import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib'
import { decodeStream, throughStream } from './node-streams.ts'
import type { Zstd } from './zstd.ts'

const LEVEL = 3
/** As for zstd-napi. */
const WINDOW_LOG_MAX = 25

/** zstd by Node's own zlib, for where `zstd-napi` isn't. */
export const nodeZstd: Zstd = {
  backend: 'node',

  compress(size, chunks, sink) {
    const params = { [constants.ZSTD_c_compressionLevel]: LEVEL }
    return throughStream(createZstdCompress({ params, pledgedSrcSize: size }), chunks, sink)
  },

  decompress(chunks, sink) {
    const params = { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX }
    return decodeStream(createZstdDecompress({ params }), chunks, sink)
  },
}
