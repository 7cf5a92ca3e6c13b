import { loadZstdNapi } from './zstd-napi.ts'
import { nodeZstd } from './zstd-node.ts'

/** Implementation of zstd: a native package, or Node's own. */
export type ZstdBackend = 'zstd-napi' | 'node'

/** Bytes in pieces; each piece is overwritten when the next is requested. */
export type Pieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** Streaming zstd. One call at a time; each chunk is consumed before the next is requested. */
export interface Zstd {
  readonly backend: ZstdBackend
  /** Compresses `chunks`, `size` bytes together, into one frame of level 3. Node's own has no `threads`. */
  compress(size: number, chunks: Iterable<Uint8Array>, threads?: number): Pieces
  /** Decompresses the one frame in `chunks`. Throws if it is broken, cut off or followed by anything. */
  decompress(chunks: Iterable<Uint8Array>): Pieces
}

let loaded: Zstd | undefined

/** Returns zstd of this `backend`, by default the fastest that can be loaded. */
export function zstdBy(backend?: ZstdBackend): Zstd {
  if (backend === 'node') return nodeZstd
  loaded ??= fastest()
  return loaded
}

function fastest(): Zstd {
  try {
    return loadZstdNapi()
  } catch {
    // Optional dependency: not built on machines without a compiler.
    return nodeZstd
  }
}

export const zstdBackend = (): ZstdBackend => zstdBy().backend
