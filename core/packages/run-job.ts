import { aborted, type Progress, progressMeter } from '../system/progress.ts'
import { startJob } from './job-thread.ts'
import type { PackageJob } from './jobs.ts'
import type { PackageReport } from './verify.ts'

/** Options of every operation on a package. */
export interface JobOptions {
  /** Cancels the operation: it rejects with `ABORTED` and leaves nothing behind. */
  readonly signal?: AbortSignal | undefined
  /** Called several times a second, and at the end. What it throws cancels the operation and is its error. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export async function runInThread(
  job: PackageJob,
  { signal, onProgress }: JobOptions = {},
): Promise<PackageReport | undefined> {
  if (signal?.aborted === true) throw aborted()
  const thrown: unknown[] = []
  // Count from the first progress on: before it the thread only starts.
  let meter: ReturnType<typeof progressMeter> | undefined
  const { outcome, cancel } = startJob(job, (done, total) => {
    meter ??= progressMeter()
    try {
      onProgress?.(meter(done, total))
    } catch (error) {
      thrown.push(error)
      cancel()
    }
  })
  signal?.addEventListener('abort', cancel)
  try {
    return await outcome
  } catch (error) {
    throw thrown.length > 0 ? thrown[0] : error
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
