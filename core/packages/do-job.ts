import { parentPort } from 'node:worker_threads'
import { NumPackError, plainError } from '../format/errors.ts'
import { aborted } from '../system/progress.ts'
import type { Control } from './control.ts'
import { type JobMessage, type JobStart, runJob } from './jobs.ts'

/** Progress is told at most this often. */
const PROGRESS_MS = 50

const send = (message: JobMessage): void => parentPort?.postMessage(message)

/** Does, in a thread, a job that startJob sent, and says how it ended. */
export async function doJob({ job, cancelled, life }: JobStart): Promise<void> {
  const flag = new Int32Array(cancelled)
  let done = 0
  let total = 0
  let told = 0
  const control: Control = {
    check() {
      if (Atomics.load(flag, 0) !== 0) throw aborted()
    },
    expect(bytes) {
      total += bytes
    },
    advance(bytes) {
      done += bytes
      const now = performance.now()
      if (now - told < PROGRESS_MS) return
      told = now
      send({ kind: 'progress', done, total })
    },
  }
  try {
    const result = await runJob(job, control)
    send({ kind: 'progress', done, total })
    send({ kind: 'result', result })
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    send({ kind: 'failure', error: plainError(error) })
  } finally {
    life.close()
  }
}
