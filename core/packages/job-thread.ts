import type { Worker } from 'node:worker_threads'
import { NumPackError } from '../format/errors.ts'
import { startThread } from '../storage/thread.ts'
import type { Job, JobMessage, JobStart } from './jobs.ts'
import type { PackageReport } from './verify.ts'

/** What worker.ts is called beside this file: as it is, compiled, or bundled with the desktop shell. */
const THREAD_FILES = ['worker.ts', 'worker.js', 'package-worker.cjs']
/** A thread without a job is kept so long for the next one: starting a thread takes longer than many a job. */
const SPARE_MS = 5000

let spare: { readonly worker: Worker; readonly timer: NodeJS.Timeout } | null = null

/** A job at work. */
export interface RunningJob {
  /** Rejects with the job's NumPackError. */
  readonly outcome: Promise<PackageReport | undefined>
  /** Makes the job end with `ABORTED`, soon. */
  readonly cancel: () => void
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
  const worker = takeThread()
  if (background) worker.unref()
  else worker.ref()
  const outcome = outcomeOf(worker, onProgress)
  worker.postMessage({ job, cancelled } satisfies JobStart)
  return { outcome, cancel: () => void Atomics.store(new Int32Array(cancelled), 0, 1) }
}

function takeThread(): Worker {
  if (spare !== null) {
    const { worker, timer } = spare
    clearTimeout(timer)
    spare = null
    return worker
  }
  return startThread(import.meta.dirname, THREAD_FILES)
}

/** Keeps a thread whose job has ended, where there is no other one. */
function keepThread(worker: Worker): void {
  if (spare !== null) {
    void worker.terminate()
    return
  }
  worker.unref()
  const timer = setTimeout(() => {
    spare = null
    void worker.terminate()
  }, SPARE_MS)
  timer.unref()
  spare = { worker, timer }
}

function outcomeOf(worker: Worker, onProgress: (done: number, total: number) => void): RunningJob['outcome'] {
  return new Promise((resolve, reject) => {
    const onMessage = (message: JobMessage): void => {
      if (message.kind === 'progress') {
        onProgress(message.done, message.total)
        return
      }
      worker.off('message', onMessage).off('error', reject).off('exit', onExit)
      keepThread(worker)
      if (message.kind === 'result') resolve(message.result)
      else reject(new NumPackError(message.code, message.message, message.details))
    }
    const onExit = (code: number): void =>
      reject(new NumPackError('IO', `The thread that worked on the package ended early (code ${code}). Try again.`))
    worker.on('message', onMessage).once('error', reject).once('exit', onExit)
  })
}
