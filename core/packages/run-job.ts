import type { Worker } from 'node:worker_threads'
import { NumPackError } from '../format/errors.ts'
import { aborted, type Progress, progressMeter } from '../storage/progress.ts'
import { startThread } from '../storage/thread.ts'
import type { Job, JobMessage, JobStart } from './jobs.ts'
import type { PackageReport } from './verify.ts'

/** What every long operation takes. */
export interface JobOptions {
  /** Cancels the operation: it rejects with `ABORTED` and leaves nothing behind. */
  readonly signal?: AbortSignal | undefined
  /** Called several times a second, and at the end. What it throws cancels the operation and is its error. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** What worker.ts is called beside this file: as it is, compiled, or bundled with the desktop shell. */
const THREAD_FILES = ['worker.ts', 'worker.js', 'package-worker.cjs']

/** Starts a job's thread. */
export function startJob(job: Job): { worker: Worker; cancel: () => void } {
  const cancelled = new SharedArrayBuffer(4)
  const start: JobStart = { job, cancelled }
  const worker = startThread(import.meta.dirname, THREAD_FILES, start)
  return { worker, cancel: () => void Atomics.store(new Int32Array(cancelled), 0, 1) }
}

/** Does a job in a thread of its own. Rejects with its NumPackError. */
export async function runInThread(
  job: Job,
  { signal, onProgress }: JobOptions = {},
): Promise<PackageReport | undefined> {
  if (signal?.aborted === true) throw aborted()
  const { worker, cancel } = startJob(job)
  const thrown: unknown[] = []
  signal?.addEventListener('abort', cancel)
  try {
    return await outcomeOf(worker, progress => {
      try {
        onProgress?.(progress)
      } catch (error) {
        thrown.push(error)
        cancel()
      }
    })
  } catch (error) {
    throw thrown.length > 0 ? thrown[0] : error
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}

function outcomeOf(worker: Worker, onProgress: (progress: Progress) => void): Promise<PackageReport | undefined> {
  const meter = progressMeter()
  return new Promise((resolve, reject) => {
    worker.on('message', (message: JobMessage) => {
      switch (message.kind) {
        case 'progress':
          onProgress(meter(message.done, message.total))
          return
        case 'result':
          resolve(message.result)
          return
        case 'failure':
          reject(new NumPackError(message.code, message.message, message.details))
      }
    })
    worker.once('error', reject)
    worker.once('exit', code => {
      reject(new NumPackError('IO', `The thread that worked on the package ended early (code ${code}). Try again.`))
    })
  })
}
