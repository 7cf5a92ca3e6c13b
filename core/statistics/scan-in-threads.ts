import { availableParallelism } from 'node:os'
import type { Worker } from 'node:worker_threads'
import { fromPlainError, NumPackError, type PlainError } from '../format/errors.ts'
import { aborted } from '../system/progress.ts'
import type { SharedReader } from '../storage/read/shared-reader.ts'
import { ThreadPool } from '../system/thread.ts'
import { type ScanResult, mergeScanResults, type ScanTask } from './scan-result.ts'
import type { ScanChunks } from './scan-chunks.ts'
import type { Region } from './region.ts'
import { PROGRESS_MS, type ScanControl } from './scan-here.ts'

export interface ThreadStart {
  readonly reader: SharedReader
  readonly region: Region
  readonly task: ScanTask
  readonly chunks: ScanChunks
  /** Two Int32: the next free chunk, and a flag that stops the scan. */
  readonly state: SharedArrayBuffer
}

/** Sent by a thread. After any kind but 'partial' its scan has ended and it holds no open files. */
export type ThreadMessage =
  | { readonly kind: 'partial' | 'result'; readonly result: ScanResult; readonly bytesDone: number }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failure'; readonly error: PlainError }

export const NEXT_CHUNK = 0
export const STOPPED = 1

/** Names of the worker's file: source, compiled, or bundled with the desktop app. */
const THREAD_FILES = ['scan-worker.ts', 'scan-worker.js', 'stats-worker.cjs']
const pool = new ThreadPool(import.meta.dirname, THREAD_FILES, availableParallelism())

/**
 * Scans a region in several threads that take its chunks in turn. Settles after all threads have stopped. Rejects with
 * `ABORTED`, `CHANGED_ON_DISK`, `IO`, or what `onResult` throws.
 */
export async function scanInThreads(
  start: Omit<ThreadStart, 'state'>,
  workers: number,
  { signal, onResult }: ScanControl,
): Promise<ScanResult> {
  const state = new SharedArrayBuffer(8)
  const stop = (): void => void Atomics.store(new Int32Array(state), STOPPED, 1)
  const errors: unknown[] = []
  const fail = (error: unknown): void => {
    errors.push(error)
    stop()
  }
  const cancel = (): void => fail(aborted())
  const found = new Map<number, { result: ScanResult; bytesDone: number }>()
  let reportedAt = Number.NEGATIVE_INFINITY

  const receive = (number: number, message: ThreadMessage): void => {
    if (message.kind === 'failure') {
      fail(fromPlainError(message.error))
      return
    }
    if (message.kind === 'stopped') return
    found.set(number, message)
    if (message.kind === 'result' || errors.length > 0 || performance.now() - reportedAt < PROGRESS_MS / 2) return
    reportedAt = performance.now()
    try {
      const all = [...found.values()]
      const bytesDone = all.reduce((sum, part) => sum + part.bytesDone, 0)
      onResult(() => mergeScanResults(all.map(part => part.result)), bytesDone)
    } catch (error) {
      fail(error)
    }
  }

  signal?.addEventListener('abort', cancel)
  try {
    const scans = Array.from({ length: workers }, (_, number) =>
      scanInThread({ ...start, state }, message => receive(number, message), fail),
    )
    await Promise.all(scans)
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
  if (errors.length > 0) throw errors[0]
  if (found.size < workers) throw new NumPackError('IO', 'A thread that scanned the array ended early. Try again.')
  return mergeScanResults([...found.values()].map(part => part.result))
}

function scanInThread(
  start: ThreadStart,
  receive: (message: ThreadMessage) => void,
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
      receive(message)
      if (message.kind === 'partial') return
      thread.off('message', onMessage).off('error', fail).off('exit', onExit)
      pool.give(thread)
      resolve()
    }
    thread.on('message', onMessage).once('error', fail).once('exit', onExit)
    thread.postMessage(start)
  })
}

/** Returns null if no thread can be started; the scan then fails after the other threads have stopped. */
function takeThread(fail: (error: unknown) => void): Worker | null {
  try {
    return pool.take()
  } catch (error) {
    fail(error)
    return null
  }
}
