import { availableParallelism } from 'node:os'
import { aborted } from '../system/progress.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { openShared, type SharedReader, shareReader } from '../storage/read/shared-reader.ts'
import type { ScanResult, ScanTask } from './scan-result.ts'
import { kernels } from './kernels.ts'
import { chunksOf } from './scan-chunks.ts'
import { type Region, regionBytes } from './region.ts'
import { sampleHere, type ScanControl, scanHere } from './scan-here.ts'
import { scanInThreads } from './scan-in-threads.ts'

/** Up to this size a scan is faster than starting threads. */
const SMALL_BYTES = 16 * 2 ** 20

/** Limit on the columns that all threads of a scan accumulate in total; each takes about 0.6 KB. */
const MAX_ACCUMULATED_COLUMNS = 2 ** 21

export interface ScanOptions extends ScanControl {
  readonly workers?: number | undefined
  readonly defaultWorkers?: number | undefined
  readonly sample: boolean
}

/** Scans a region: in threads where that is faster and possible, otherwise on this thread. */
export async function scan(
  reader: ArrayReader,
  region: Region,
  task: ScanTask,
  { workers, defaultWorkers = availableParallelism() - 1, sample, ...control }: ScanOptions,
): Promise<ScanResult> {
  if (control.signal?.aborted === true) throw aborted()
  const small = workers === undefined && regionBytes(reader, region) <= SMALL_BYTES
  const shared = small ? null : shareReader(reader)
  const { rowSet: set, ...part } = region
  const rowSet = set.share()
  if (shared === null || rowSet === null) return scanHere(kernels(), reader, region, task, control)
  const chunks = chunksOf(reader, region)
  if (sample) sampleOf(shared, region, task, control)
  const threads = Math.max(1, Math.min(chunks.count, workers ?? defaultWorkers, threadsFor(task)))
  return scanInThreads({ reader: shared, rowSet, region: part, task, chunks }, threads, control)
}

/** Scans a sample with its own file descriptors, which it closes again. */
function sampleOf(shared: SharedReader, region: Region, task: ScanTask, control: ScanControl): void {
  const reader = openShared(shared)
  try {
    sampleHere(kernels(), reader, region, task, control)
  } finally {
    reader.source.close()
  }
}

/** Returns the maximum number of threads, each with its own accumulators. */
const threadsFor = (task: ScanTask): number =>
  task.kind === 'columns' ? Math.floor(MAX_ACCUMULATED_COLUMNS / Math.max(1, task.shifts[0]?.length ?? 1)) : Infinity
