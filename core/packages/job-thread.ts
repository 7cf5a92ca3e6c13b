import { MessageChannel } from 'node:worker_threads'
import { StopSignal } from '../system/stop-signal.ts'
import { ThreadPool } from '../system/thread.ts'
import { ThreadLife } from '../system/thread-life.ts'
import type { Job, JobProgress, JobStart } from './jobs.ts'
import type { PackageReport } from './verify.ts'

/** What worker.ts is called beside this file: as it is, compiled, or bundled with the desktop shell. */
const THREAD_FILES = ['worker.ts', 'worker.js', 'package-worker.cjs']
const threads = new ThreadPool(import.meta.dirname, THREAD_FILES, 1)

/** A job at work. */
export interface RunningJob {
  /** Rejects with the job's NumPackError. */
  readonly outcome: Promise<PackageReport | undefined>
  /** Makes the job end with `ABORTED`, soon. */
  readonly cancel: () => void
  /** Whether its thread is no more, for who can't wait for `outcome`. True also once the job is done. */
  readonly hasDied: () => boolean
}

/**
 * Starts a job in a thread of its own; `onProgress` hears bytes done and bytes in all. With `background` the process may
 * end before it does.
 */
export function startJob(
  job: Job,
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
