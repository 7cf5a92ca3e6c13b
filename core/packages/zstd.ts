import { loadZstdNapi } from './zstd-napi.ts'
import { nodeZstd } from './zstd-node.ts'

/** Which implementation of zstd is at work. */
export type ZstdBackend = 'zstd-napi' | 'node'

/** Bytes one after another; each piece is overwritten when the next is asked for. */
export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** zstd on streams of bytes. One call at a time; each chunk is used up before the next is asked for. */
export interface Zstd {
  readonly backend: ZstdBackend
  /** Compresses `chunks`, `size` bytes together, into one frame of level 3. */
  compress(size: number, chunks: Iterable<Uint8Array>): Pieces
  /** Decompresses the one frame in `chunks`; throws when it is broken, cut off or followed by anything. */
  decompress(chunks: Iterable<Uint8Array>): Pieces
}

let loaded: Zstd | undefined

/** zstd by `backend`, by default the fastest that can be loaded here. */
export function zstdBy(backend?: ZstdBackend): Zstd {
  if (backend === 'node') return nodeZstd
  loaded ??= fastest()
  return loaded
}

function fastest(): Zstd {
  try {
    return loadZstdNapi()
  } catch {
    // An optional dependency: not built on a machine without a compiler.
    return nodeZstd
  }
}

/** The implementation of zstd that packages use on this machine. */
export const zstdBackend = (): ZstdBackend => zstdBy().backend
