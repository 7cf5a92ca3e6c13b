import { availableParallelism } from 'node:os'
import { MOST_THREADS } from '../system/thread.ts'
import { LIMITS } from '../format/limits.ts'
import { requireNative } from '../system/library-folder.ts'
import { CHUNK_BYTES } from './input-file.ts'
import { BYTES_AFTER_END } from './node-streams.ts'
import type { Zstd } from './zstd.ts'

/** The functions of `zstd-napi/binding` that are used: zstd's own C streaming interface. */
interface Binding {
  readonly CCtx: new () => {
    setParameter(parameter: number, value: number): void
    setPledgedSrcSize(size: number): void
    reset(directive: number): void
    compressStream2(target: Uint8Array, source: Uint8Array, end: number): StreamResult
  }
  readonly DCtx: new () => {
    setParameter(parameter: number, value: number): void
    reset(directive: number): void
    decompressStream(target: Uint8Array, source: Uint8Array): StreamResult
  }
  readonly CParameter: Record<'compressionLevel' | 'nbWorkers' | 'jobSize', number>
  readonly DParameter: Record<'windowLogMax', number>
  readonly EndDirective: Record<'continue' | 'end', number>
  readonly ResetDirective: Record<'sessionOnly', number>
}

type StreamResult = [left: number, produced: number, consumed: number]

const NO_BYTES = new Uint8Array(0)

const LEVEL = 3
/** Bytes that each zstd thread compresses at a time: 2 MiB keep 4 threads within 40 MiB, for 0.1% of size. */
const JOB_BYTES = 2 << 20
const MAX_THREADS = 4
/** Below this size, starting zstd's threads takes longer than they save. */
const THREADS_FROM_BYTES = 8 << 20

/** Loads zstd from `zstd-napi`. Throws if it isn't installed or can't be loaded. */
export function loadZstdNapi(): Zstd {
  const { CCtx, DCtx, CParameter, DParameter, EndDirective, ResetDirective } = requireNative(
    'zstd-napi/binding',
  ) as Binding
  const output = new Uint8Array(CHUNK_BYTES)
  const single = new CCtx()
  single.setParameter(CParameter.compressionLevel, LEVEL)
  let threaded: InstanceType<typeof CCtx> | null = null
  const decoder = new DCtx()
  decoder.setParameter(DParameter.windowLogMax, LIMITS.zstdWindowLog)

  /** Returns a context at the beginning of a frame. */
  function compressorFor(size: number, threads: number): InstanceType<typeof CCtx> {
    const isThreaded = size >= THREADS_FROM_BYTES && threads > 1
    const context = isThreaded ? (threaded ??= new CCtx()) : single
    // Before the parameters: an unfinished frame allows no others.
    context.reset(ResetDirective.sessionOnly)
    if (!isThreaded) return context
    context.setParameter(CParameter.compressionLevel, LEVEL)
    context.setParameter(CParameter.nbWorkers, Math.min(threads, MOST_THREADS))
    context.setParameter(CParameter.jobSize, JOB_BYTES)
    return context
  }

  function* compressed(context: InstanceType<typeof CCtx>, bytes: Uint8Array, end: boolean): Generator<Uint8Array> {
    const directive = end ? EndDirective.end : EndDirective.continue
    for (let at = 0; ; ) {
      const [left, produced, consumed] = context.compressStream2(output, bytes.subarray(at), directive)
      if (produced > 0) yield output.subarray(0, produced)
      at += consumed
      if (end ? left === 0 : at === bytes.length) return
    }
  }

  return {
    backend: 'zstd-napi',

    *compress(size, chunks, threads = Math.min(availableParallelism(), MAX_THREADS)) {
      const context = compressorFor(size, threads)
      context.setPledgedSrcSize(size)
      for (const chunk of chunks) yield* compressed(context, chunk, false)
      yield* compressed(context, NO_BYTES, true)
    },

    *decompress(chunks) {
      decoder.reset(ResetDirective.sessionOnly)
      let ended = false
      for (const chunk of chunks) {
        for (let at = 0; at < chunk.length; ) {
          if (ended) throw new Error(BYTES_AFTER_END)
          const [left, produced, consumed] = decoder.decompressStream(output, chunk.subarray(at))
          if (produced > 0) yield output.subarray(0, produced)
          at += consumed
          ended = left === 0
        }
      }
      while (!ended) {
        const [left, produced] = decoder.decompressStream(output, NO_BYTES)
        if (produced > 0) yield output.subarray(0, produced)
        ended = left === 0
        if (!ended && produced < output.length) throw new Error('the compressed data ends early')
      }
    },
  }
}
