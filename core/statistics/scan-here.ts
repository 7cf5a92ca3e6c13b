import { setImmediate } from 'node:timers/promises'
import { itemsize } from '../format/dtype.ts'
import { aborted } from '../system/progress.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { readBlocks } from './read-blocks.ts'
import type { Kernels } from './accumulators/kernel.ts'
import { type ScanChunks, chunkAt, chunksOf } from './scan-chunks.ts'
import type { ScanResult, Scanner, ScanTask } from './scan-result.ts'
import { createScanner } from './scanner.ts'
import type { Region } from './region.ts'

export const PROGRESS_MS = 100
/** Time after which a scan on the caller's thread yields to the event loop. */
const SLICE_MS = 8

export interface ScanControl {
  readonly signal?: AbortSignal | undefined
  /** Receives the partial result, computed on demand, and the bytes it covers. */
  readonly onResult: (result: () => ScanResult, bytesDone: number) => void
}

/** Scans a region on this thread. Rejects with `ABORTED`, `CHANGED_ON_DISK` or `IO`. */
export async function scanHere(
  kernels: Kernels,
  reader: ArrayReader,
  region: Region,
  task: ScanTask,
  { signal, onResult }: ScanControl,
): Promise<ScanResult> {
  const scanner = createScanner(kernels, reader.dtype, region, task)
  const chunks = chunksOf(reader, region)
  let bytesDone = 0
  let reportedAt = performance.now()
  let sliceEnd = reportedAt + SLICE_MS
  const yieldToEventLoop = async (): Promise<void> => {
    await setImmediate()
    if (signal?.aborted === true) throw aborted()
    if (performance.now() - reportedAt >= PROGRESS_MS) {
      onResult(() => scanner.result(), bytesDone)
      reportedAt = performance.now()
    }
    sliceEnd = performance.now() + SLICE_MS
  }
  for (let index = 0; index < chunks.count; index++) {
    for (const bytes of scanChunk(reader, region, chunks, index, scanner)) {
      bytesDone += bytes
      if (performance.now() >= sliceEnd) await yieldToEventLoop()
    }
    // A chunk may consist of deleted rows only.
    if (performance.now() >= sliceEnd) await yieldToEventLoop()
  }
  return scanner.result()
}

/** Number and approximate size of the blocks of a sample. */
const SAMPLE_BLOCKS = 16
const SAMPLE_BLOCK_BYTES = 2 ** 16

/** Scans a few blocks from all over a region, which takes milliseconds. Throws `ABORTED` or `IO`. */
export function sampleHere(
  kernels: Kernels,
  reader: ArrayReader,
  region: Region,
  task: ScanTask,
  { signal, onResult }: ScanControl,
): void {
  const scanner = createScanner(kernels, reader.dtype, region, task)
  const chunks = chunksOf(reader, region)
  const rows = Math.max(1, Math.floor(SAMPLE_BLOCK_BYTES / (region.width * itemsize(reader.dtype))))
  let bytesDone = 0
  for (let index = 0; index < Math.min(chunks.count, SAMPLE_BLOCKS); index++) {
    const [start, stop] = chunkAt(chunks, region, index)
    for (const block of readBlocks(reader, region, start, Math.min(stop, start + rows), () => scanner.memory())) {
      scanner.take(block)
      bytesDone += block.bytes
      break
    }
  }
  onResult(() => scanner.result(), bytesDone)
  if (signal?.aborted === true) throw aborted()
}

/** Scans one chunk of a region. Yields the size of each block after it is done. */
export function* scanChunk(
  reader: ArrayReader,
  region: Region,
  chunks: ScanChunks,
  index: number,
  scanner: Scanner,
): Generator<number> {
  reader.checkUnchanged()
  const [start, stop] = chunkAt(chunks, region, index)
  for (const block of readBlocks(reader, region, start, stop, () => scanner.memory())) {
    scanner.take(block)
    yield block.bytes
  }
}
