import type { Worker } from 'node:worker_threads'
import { type ErrorCode, NumPackError } from '../format/errors.ts'
import { aborted } from '../storage/progress.ts'
import { startThread } from '../storage/thread.ts'
import { type Findings, mergeFindings, type Task } from './findings.ts'
import type { Parts } from './parts.ts'
import type { Region } from './region.ts'
import { PROGRESS_MS, type ScanControl } from './scan.ts'
import type { SharedReader } from './shared-reader.ts'

/** What a scan's thread is started with. */
export interface ThreadStart {
  readonly reader: SharedReader
  readonly region: Region
  readonly task: Task
  readonly parts: Parts
  /** Two Int32: the turn that nobody has taken yet, and not 0 once the scan is to stop. */
  readonly state: SharedArrayBuffer
}

/** What a thread says. */
export type ThreadMessage =
  | { readonly kind: 'findings'; readonly findings: Findings; readonly bytesDone: number; readonly last: boolean }
  | {
      readonly kind: 'failure'
      readonly code: ErrorCode
      readonly message: string
      readonly details: Readonly<Record<string, unknown>>
    }

export const TURN = 0
export const STOPPED = 1

/** What worker.ts is called beside this file: as it is, compiled, or bundled with the desktop shell. */
const THREAD_FILES = ['worker.ts', 'worker.js', 'stats-worker.cjs']

/**
 * Looks at every element of a region in several threads, which take parts of it in turn. Settles when all of them have
 * ended. Rejects with `ABORTED`, `CHANGED_ON_DISK` or `IO`, or what `onFindings` throws.
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
      fail(new NumPackError(message.code, message.message, { ...message.details }))
      return
    }
    found.set(number, message)
    if (message.last || errors.length > 0 || performance.now() - told < PROGRESS_MS / 2) return
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
    const threads = Array.from({ length: workers }, (_, number) => {
      const thread = startThread(import.meta.dirname, THREAD_FILES, { ...start, state } satisfies ThreadStart)
      thread.on('message', (message: ThreadMessage) => hear(number, message))
      return ended(thread, fail)
    })
    await Promise.all(threads)
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
  if (errors.length > 0) throw errors[0]
  if (found.size < workers) throw new NumPackError('IO', 'A thread that scanned the array ended early. Try again.')
  return mergeFindings([...found.values()].map(part => part.findings))
}

function ended(thread: Worker, fail: (error: unknown) => void): Promise<void> {
  thread.once('error', fail)
  return new Promise(resolve => {
    thread.once('exit', () => resolve())
  })
}
