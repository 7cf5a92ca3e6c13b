import { availableParallelism } from 'node:os'
import { aborted } from '../system/progress.ts'
import type { SharedReader } from '../storage/read/shared-reader.ts'
import { SharedTurns } from '../system/stop-signal.ts'
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
  /** Memory of the `SharedTurns`: a turn is a part of the region. */
  readonly turns: SharedArrayBuffer
}

/** What a thread has found so far, or at the end. */
export interface ThreadFindings {
  readonly findings: Findings
  readonly bytesDone: number
}

/** What worker.ts is called beside this file: as it is, compiled, or bundled with the desktop shell. */
const THREAD_FILES = ['worker.ts', 'worker.js', 'stats-worker.cjs']
const pool = new ThreadPool(import.meta.dirname, THREAD_FILES, availableParallelism())

/**
 * Looks at every element of a region in several threads, which take parts of it in turn. Settles when none of them
 * is at work any more. Rejects with `ABORTED`, `CHANGED_ON_DISK` or `IO`, or what `onFindings` throws.
 */
export async function scanInThreads(
  start: Omit<ThreadStart, 'turns'>,
  workers: number,
  { signal, onFindings }: ScanControl,
): Promise<Findings> {
  const turns = new SharedTurns()
  const errors: unknown[] = []
  const fail = (error: unknown): void => {
    errors.push(error)
    turns.stop()
  }
  const cancel = (): void => fail(aborted())
  const found = new Map<number, ThreadFindings>()
  let told = Number.NEGATIVE_INFINITY

  const onProgress = (number: number, partial: ThreadFindings): void => {
    found.set(number, partial)
    if (errors.length > 0 || performance.now() - told < PROGRESS_MS / 2) return
    told = performance.now()
    try {
      const all = [...found.values()]
      const bytesDone = all.reduce((sum, part) => sum + part.bytesDone, 0)
      onFindings(() => mergeFindings(all.map(part => part.findings)), bytesDone)
    } catch (error) {
      fail(error)
    }
  }
  const scan = async (number: number): Promise<void> => {
    try {
      const end = await pool.run<ThreadFindings, ThreadFindings | null>(
        { ...start, turns: turns.memory } satisfies ThreadStart,
        { onProgress: partial => onProgress(number, partial) },
      )
      if (end !== null) found.set(number, end)
    } catch (error) {
      fail(error)
    }
  }

  signal?.addEventListener('abort', cancel)
  try {
    await Promise.all(Array.from({ length: workers }, (_, number) => scan(number)))
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
  if (errors.length > 0) throw errors[0]
  return mergeFindings([...found.values()].map(part => part.findings))
}
