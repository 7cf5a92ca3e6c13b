import { MessageChannel, type Worker } from 'node:worker_threads'
import { fromPlainError, NumPackError } from '../format/errors.ts'
import { ThreadPool } from '../system/thread.ts'
import { ThreadLife } from '../system/thread-life.ts'
import type { Job, JobMessage, JobStart } from './jobs.ts'
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
  const cancelled = new SharedArrayBuffer(4)
  const worker = threads.take()
  if (background) worker.unref()
  const { port1, port2 } = new MessageChannel()
  const life = new ThreadLife(port1)
  const outcome = outcomeOf(worker, onProgress).finally(() => life[Symbol.dispose]())
  worker.postMessage({ job, cancelled, life: port2 } satisfies JobStart, [port2])
  return {
    outcome,
    cancel: () => void Atomics.store(new Int32Array(cancelled), 0, 1),
    hasDied: () => life.isOver,
  }
}

function outcomeOf(worker: Worker, onProgress: (done: number, total: number) => void): RunningJob['outcome'] {
  return new Promise((resolve, reject) => {
    const onMessage = (message: JobMessage): void => {
      if (message.kind === 'progress') {
        onProgress(message.done, message.total)
        return
      }
      worker.off('message', onMessage).off('error', reject).off('exit', onExit)
      threads.give(worker)
      if (message.kind === 'result') resolve(message.result)
      else reject(fromPlainError(message.error))
    }
    const onExit = (code: number): void =>
      reject(new NumPackError('IO', `The thread that worked on the package ended early (code ${code}). Try again.`))
    worker.on('message', onMessage).once('error', reject).once('exit', onExit)
  })
}
