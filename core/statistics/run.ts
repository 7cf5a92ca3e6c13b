import { availableParallelism } from 'node:os'
import { aborted } from '../system/progress.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { openShared, type SharedReader, shareReader } from '../storage/read/shared-reader.ts'
import type { Findings, Task } from './findings.ts'
import { kernels } from './kernels.ts'
import { partsOf } from './parts.ts'
import { type Region, regionBytes } from './region.ts'
import { sampleHere, type ScanControl, scanHere } from './scan.ts'
import { scanInThreads } from './threads.ts'

/** Starting threads takes longer than looking at so many bytes. */
const SMALL_BYTES = 16 * 2 ** 20

/** Columns that all threads of a scan tally together: about 0.6 KB each. */
const MAX_TALLIED_COLUMNS = 2 ** 21

/** How a scan is done. */
export interface ScanOptions extends ScanControl {
  readonly workers?: number | undefined
  /** Whether `onFindings` is to hear of a sample at once, before threads are at work. */
  readonly sample: boolean
}

/** Looks at every element of a region: in threads where that is quicker and possible, else here. */
export async function scan(
  reader: ArrayReader,
  region: Region,
  task: Task,
  { workers, sample, ...control }: ScanOptions,
): Promise<Findings> {
  if (control.signal?.aborted === true) throw aborted()
  const small = workers === undefined && regionBytes(reader, region) <= SMALL_BYTES
  const shared = small ? null : shareReader(reader)
  if (shared === null) return scanHere(kernels(), reader, region, task, control)
  const parts = partsOf(reader, region)
  if (sample) sampleOf(shared, region, task, control)
  const threads = Math.max(1, Math.min(parts.count, workers ?? availableParallelism() - 1, threadsFor(task)))
  return scanInThreads({ reader: shared, region, task, parts }, threads, control)
}

/** A sample, by descriptors of its own that don't stay open. */
function sampleOf(shared: SharedReader, region: Region, task: Task, control: ScanControl): void {
  const reader = openShared(shared)
  try {
    sampleHere(kernels(), reader, region, task, control)
  } finally {
    reader.source.close()
  }
}

/** How many threads may each have a tally of a task. */
const threadsFor = (task: Task): number =>
  task.kind === 'columns' ? Math.floor(MAX_TALLIED_COLUMNS / Math.max(1, task.centers[0]?.length ?? 1)) : Infinity
