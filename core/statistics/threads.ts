import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { fromPlainError, NumPackError, type PlainError } from '../format/errors.ts'
import { aborted } from '../system/progress.ts'
import type { SharedReader } from '../storage/read/shared-reader.ts'
import { ThreadPool } from '../system/thread.ts'
import { type Findings, mergeFindings, type Task } from './findings.ts'
import type { Parts } from './parts.ts'
import type { Region } from './region.ts'
import { PROGRESS_MS, type ScanControl } from './scan.ts'

/** What a thread is sent for each scan. */
export interface ThreadStart {
  readonly reader: SharedReader
  readonly region: Region
  readonly task: Task
  readonly parts: Parts
  /** Two Int32: the turn that nobody has taken yet, and not 0 once the scan is to stop. */
  readonly state: SharedArrayBuffer
}

/** What a thread says. After all but the first kind its scan is at an end, and it has nothing open. */
export type ThreadMessage =
  | { readonly kind: 'partial' | 'findings'; readonly findings: Findings; readonly bytesDone: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failure'; readonly error: PlainError }

export const TURN = 0
export const STOPPED = 1

/** What worker.ts is called beside this file: as it is, compiled, or bundled with the desktop shell. */
const THREAD_FILES = ['worker.ts', 'worker.js', 'stats-worker.cjs']
const pool = new ThreadPool(import.meta.dirname, THREAD_FILES, availableParallelism())

/**
 * Looks at every element of a region in several threads, which take parts of it in turn. Settles when none of them
 * is at work any more. Rejects with `ABORTED`, `CHANGED_ON_DISK` or `IO`, or what `onFindings` throws.
 */
export async function scanInThreads(
  start: Omit<ThreadStart, 'state'>,
  workers: number,
  { signal, onFindings }: ScanControl,
): Promise<Findings> {
  const state = new SharedArrayBuffer(8)
  const stop = (): void => void Atomics.store(new Int32Array(state), STOPPED, 1)
  const errors: unknown[] = []
  const fail = (error: unknown): void => {
    errors.push(error)
    stop()
  }
  const cancel = (): void => fail(aborted())
  const found = new Map<number, { findings: Findings; bytesDone: number }>()
  let told = Number.NEGATIVE_INFINITY

  const hear = (number: number, message: ThreadMessage): void => {
    if (message.kind === 'failure') {
      fail(fromPlainError(message.error))
      return
    }
    if (message.kind === 'stopped') return
    found.set(number, message)
    if (message.kind === 'findings' || errors.length > 0 || performance.now() - told < PROGRESS_MS / 2) return
    told = performance.now()
    try {
      const all = [...found.values()]
      const bytesDone = all.reduce((sum, part) => sum + part.bytesDone, 0)
      onFindings(() => mergeFindings(all.map(part => part.findings)), bytesDone)
    } catch (error) {
      fail(error)
    }
  }

  signal?.addEventListener('abort', cancel)
  try {
    const scans = Array.from({ length: workers }, (_, number) =>
      scanInThread({ ...start, state }, message => hear(number, message), fail),
    )
    await Promise.all(scans)
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
  if (errors.length > 0) throw errors[0]
  if (found.size < workers) throw new NumPackError('IO', 'A thread that scanned the array ended early. Try again.')
  return mergeFindings([...found.values()].map(part => part.findings))
}

function scanInThread(
  start: ThreadStart,
  hear: (message: ThreadMessage) => void,
  fail: (error: unknown) => void,
): Promise<void> {
  const thread = takeThread(fail)
  return new Promise(resolve => {
    if (thread === null) {
      resolve()
      return
    }
    const onExit = (): void => resolve()
    const onMessage = (message: ThreadMessage): void => {
      hear(message)
      if (message.kind === 'partial') return
      thread.off('message', onMessage).off('error', fail).off('exit', onExit)
      pool.give(thread)
      resolve()
    }
    thread.on('message', onMessage).once('error', fail).once('exit', onExit)
    thread.postMessage(start)
  })
}

/** null where no thread is to be had: the scan fails, once the others have stopped. */
function takeThread(fail: (error: unknown) => void): Worker | null {
  try {
    return pool.take()
  } catch (error) {
    fail(error)
    return null
  }
}
