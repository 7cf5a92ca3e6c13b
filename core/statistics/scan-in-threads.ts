import { availableParallelism } from 'node:os'
import type { SharedRowSet } from '../array/row-set.ts'
import { aborted } from '../system/progress.ts'
import type { SharedReader } from '../storage/read/shared-reader.ts'
import { SharedTurns } from '../system/stop-signal.ts'
import { MOST_THREADS, ThreadPool } from '../system/thread.ts'
import { type ScanResult, mergeScanResults, type ScanTask } from './scan-result.ts'
import type { ScanChunks } from './scan-chunks.ts'
import type { Region } from './region.ts'
import { PROGRESS_MS, type ScanControl } from './scan-here.ts'

export interface ThreadStart {
  readonly reader: SharedReader
  readonly rowSet: SharedRowSet
  readonly region: Omit<Region, 'rowSet'>
  readonly task: ScanTask
  readonly chunks: ScanChunks
  /** Memory of the `SharedTurns`: a turn is a chunk. */
  readonly turns: SharedArrayBuffer
}

/** The result of one thread, so far or at the end. */
export interface ThreadResult {
  readonly result: ScanResult
  readonly bytesDone: number
}

/** Names of the worker's file: source, compiled, or bundled with the desktop app. */
const THREAD_FILES = ['statistics/scan-worker.ts', 'statistics/scan-worker.js', 'stats-worker.cjs']
const pool = new ThreadPool(THREAD_FILES, availableParallelism())

/** Threads of all scans together. */
let running = 0

/** Returns how many threads a scan may have beside the others: at least one. */
const threadsBeside = (wanted: number): number => Math.max(1, Math.min(wanted, MOST_THREADS - running))

/**
 * Scans a region in up to `workers` threads that take its chunks in turn. Settles after all threads have stopped. Rejects with
 * `ABORTED`, `CHANGED_ON_DISK`, `IO`, or what `onResult` throws.
 */
export async function scanInThreads(
  start: Omit<ThreadStart, 'turns'>,
  workers: number,
  { signal, onResult }: ScanControl,
): Promise<ScanResult> {
  const turns = new SharedTurns()
  const errors: unknown[] = []
  const fail = (error: unknown): void => {
    errors.push(error)
    turns.stop()
  }
  const cancel = (): void => fail(aborted())
  const found = new Map<number, ThreadResult>()
  let reportedAt = Number.NEGATIVE_INFINITY

  const onProgress = (number: number, partial: ThreadResult): void => {
    found.set(number, partial)
    if (errors.length > 0 || performance.now() - reportedAt < PROGRESS_MS / 2) return
    reportedAt = performance.now()
    try {
      const all = [...found.values()]
      const bytesDone = all.reduce((sum, part) => sum + part.bytesDone, 0)
      onResult(() => mergeScanResults(all.map(part => part.result)), bytesDone)
    } catch (error) {
      fail(error)
    }
  }
  const scan = async (number: number): Promise<void> => {
    try {
      const end = await pool.run<ThreadResult, ThreadResult | null>(
        { ...start, turns: turns.memory } satisfies ThreadStart,
        { onProgress: partial => onProgress(number, partial) },
      )
      if (end !== null) found.set(number, end)
    } catch (error) {
      fail(error)
    }
  }

  signal?.addEventListener('abort', cancel)
  const threads = threadsBeside(workers)
  running += threads
  try {
    await Promise.all(Array.from({ length: threads }, (_, number) => scan(number)))
  } finally {
    running -= threads
    signal?.removeEventListener('abort', cancel)
  }
  if (errors.length > 0) throw errors[0]
  return mergeScanResults([...found.values()].map(part => part.result))
}
