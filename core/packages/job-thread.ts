import { MessageChannel } from 'node:worker_threads'
import { StopSignal } from '../system/stop-signal.ts'
import { ThreadPool } from '../system/thread.ts'
import { ThreadLife } from '../system/thread-life.ts'
import type { PackageJob, JobProgress, JobStart } from './jobs.ts'
import type { PackageReport } from './verify.ts'

/** Names of worker.ts: as source, compiled, or bundled with the desktop app. */
const THREAD_FILES = ['packages/worker.ts', 'packages/worker.js', 'package-worker.cjs']
const threads = new ThreadPool(THREAD_FILES, 1)

export interface RunningJob {
  readonly outcome: Promise<PackageReport | undefined>
  /** Makes the job end soon with `ABORTED`. */
  readonly cancel: () => void
  /** Whether its thread has ended, for callers that can't await `outcome`. Also true once the job is done. */
  readonly hasDied: () => boolean
}

/** With `background` the process may end before the job. */
export function startJob(
  job: PackageJob,
  onProgress: (done: number, total: number) => void = () => {},
  { background = false }: { readonly background?: boolean } = {},
): RunningJob {
  const signal = new StopSignal()
  const { port1, port2 } = new MessageChannel()
  const life = new ThreadLife(port1)
  const start: JobStart = { job, cancelled: signal.memory, life: port2 }
  const outcome = threads.run<JobProgress, PackageReport | undefined>(start, {
    onProgress: ({ done, total }) => onProgress(done, total),
    background,
    transfer: [port2],
  })
  return {
    outcome: outcome.finally(() => life[Symbol.dispose]()),
    cancel: () => signal.stop(),
    hasDied: () => life.isOver,
  }
}
