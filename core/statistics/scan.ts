import { setImmediate } from 'node:timers/promises'
import { itemsize } from '../format/dtype.ts'
import { aborted } from '../system/progress.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { readBlocks } from './blocks.ts'
import type { Kernels } from './accumulators/kernel.ts'
import { type Parts, partAt, partsOf } from './parts.ts'
import type { Findings, Pass, Task } from './findings.ts'
import { startPass } from './pass.ts'
import type { Region } from './region.ts'

/** Someone waiting for a scan gets word this often. */
export const PROGRESS_MS = 100
/** A scan in the caller's own thread lets others run after so many milliseconds. */
const SLICE_MS = 8

/** How a scan is told to stop and tells where it is. */
export interface ScanControl {
  readonly signal?: AbortSignal | undefined
  /** What was found so far, from so many bytes. */
  readonly onFindings: (findings: () => Findings, bytesDone: number) => void
}

/** Looks at every element of a region in this thread. Rejects with `ABORTED`, `CHANGED_ON_DISK` or `IO`. */
export async function scanHere(
  kernels: Kernels,
  reader: ArrayReader,
  region: Region,
  task: Task,
  { signal, onFindings }: ScanControl,
): Promise<Findings> {
  const pass = startPass(kernels, reader.dtype, region, task)
  const parts = partsOf(reader, region)
  let bytesDone = 0
  let told = performance.now()
  let sliceEnd = told + SLICE_MS
  const rest = async (): Promise<void> => {
    await setImmediate()
    if (signal?.aborted === true) throw aborted()
    if (performance.now() - told >= PROGRESS_MS) {
      onFindings(() => pass.findings(), bytesDone)
      told = performance.now()
    }
    sliceEnd = performance.now() + SLICE_MS
  }
  for (let turn = 0; turn < parts.count; turn++) {
    for (const bytes of scanPart(reader, region, parts, turn, pass)) {
      bytesDone += bytes
      if (performance.now() >= sliceEnd) await rest()
    }
    // A part may have no row that counts.
    if (performance.now() >= sliceEnd) await rest()
  }
  return pass.findings()
}

/** A sample has blocks from so many places, of about so many bytes. */
const SAMPLE_BLOCKS = 16
const SAMPLE_BLOCK_BYTES = 2 ** 16

/** Looks at a few elements from everywhere in a region, which takes milliseconds. Throws `ABORTED` or `IO`. */
export function sampleHere(
  kernels: Kernels,
  reader: ArrayReader,
  region: Region,
  task: Task,
  { signal, onFindings }: ScanControl,
): void {
  const pass = startPass(kernels, reader.dtype, region, task)
  const parts = partsOf(reader, region)
  const rows = Math.max(1, Math.floor(SAMPLE_BLOCK_BYTES / (region.width * itemsize(reader.dtype))))
  let bytesDone = 0
  for (let turn = 0; turn < Math.min(parts.count, SAMPLE_BLOCKS); turn++) {
    const [start, stop] = partAt(parts, region, turn)
    for (const block of readBlocks(reader, region, start, Math.min(stop, start + rows), () => pass.memory())) {
      pass.take(block)
      bytesDone += block.bytes
      break
    }
  }
  onFindings(() => pass.findings(), bytesDone)
  if (signal?.aborted === true) throw aborted()
}

/** Looks at one part of a region; yields after each block, with the bytes that it took. */
export function* scanPart(
  reader: ArrayReader,
  region: Region,
  parts: Parts,
  turn: number,
  pass: Pass,
): Generator<number> {
  reader.checkUnchanged()
  const [start, stop] = partAt(parts, region, turn)
  for (const block of readBlocks(reader, region, start, stop, () => pass.memory())) {
    pass.take(block)
    yield block.bytes
  }
}
