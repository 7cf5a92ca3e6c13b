import { setTimeout } from 'node:timers/promises'
import { NumPackError } from '../../format/errors.ts'
import type { Json, CachedStatisticsKey, Recents } from '../../database/recents.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { dataPaths, fingerprintOf } from './array-files.ts'
import { arrayStatistics } from './array-statistics.ts'
import { columnStatistics } from './column-statistics.ts'
import { errorBody } from '../contract/error-body.ts'
import type { Progress, StatisticsKind, StatisticsParams, StatisticsRequest } from '../contract/types.ts'
import type { StatisticsResult, TaskMessage } from './messages.ts'

/** A package's rows that are still to be decompressed are looked for again after so long. */
const TRY_AGAIN_AFTER_MS = 500

/** Progress is reported at most this often. */
const REPORT_EVERY_MS = 100

/** A report that is work to make is followed by a rest that is so many times as long. */
const REST_SHARE = 3

interface StatisticsControl {
  signal: AbortSignal
  /** `result` makes the statistics of what was read so far. */
  onProgress: (progress: Progress, result: () => StatisticsResult) => void
}

/** How one kind of statistics is worked out and kept. */
export interface StatisticsWork<K extends StatisticsKind> {
  /** What the result is kept under for the next time; null for one that is not kept. */
  keyOf(params: StatisticsParams<K>): Json
  run(params: StatisticsParams<K>, reader: ArrayReader, control: StatisticsControl): Promise<StatisticsResult>
  /** The result as it is kept; null for one that is too large. */
  toJson(result: StatisticsResult): Json
  /** The result that was kept; null when it can't be read. */
  fromJson(kept: Json): StatisticsResult | null
}

const WORK: { readonly [K in StatisticsKind]: StatisticsWork<K> } = { statistics: arrayStatistics, columnStatistics }

interface StatisticsTasksOptions {
  recents: Pick<Recents, 'cachedStatistics' | 'cacheStatistics'>
  /** The array of a request. Throws NumPackError. */
  readerOf: (params: StatisticsRequest['params']) => Promise<{ path: string; reader: ArrayReader }>
  /** Called with a store whose array changed on disk while it was read. */
  onChanged: (store: number) => void
  send: (message: TaskMessage) => void
}

interface RunningTask {
  readonly abort: AbortController
  /** Paths of the files that the task reads. */
  files: readonly string[]
}

/** The statistics that the engine works out for the host. */
export class StatisticsTasks {
  readonly #options: StatisticsTasksOptions
  readonly #running = new Map<number, RunningTask>()

  constructor(options: StatisticsTasksOptions) {
    this.#options = options
  }

  /** Paths of the files that tasks read. */
  get files(): string[] {
    return [...this.#running.values()].flatMap(({ files }) => files)
  }

  /** Starts a task; what becomes of it is sent. */
  async start(id: number, request: StatisticsRequest): Promise<void> {
    const { send, onChanged } = this.#options
    const task: RunningTask = { abort: new AbortController(), files: [] }
    const { signal } = task.abort
    this.#running.set(id, task)
    let nextReport = -Infinity
    const onProgress = (
      { bytesDone, bytesTotal, rate, secondsLeft }: Progress,
      resultOf: () => StatisticsResult,
    ): void => {
      const start = performance.now()
      if (signal.aborted || start < nextReport) return
      const progress = { bytesDone, bytesTotal, rate, secondsLeft }
      send({ kind: 'taskProgress', task: id, progress, result: resultOf() })
      const end = performance.now()
      nextReport = Math.max(start + REPORT_EVERY_MS, end + REST_SHARE * (end - start))
    }
    try {
      const result = await whenDecompressed(() => this.#result(task, request, { signal, onProgress }), signal)
      if (!signal.aborted) send({ kind: 'taskDone', task: id, result })
    } catch (error) {
      if (signal.aborted) return
      send({ kind: 'taskFailed', task: id, error: errorBody(error) })
      if (error instanceof NumPackError && error.code === 'CHANGED_ON_DISK') onChanged(request.params.store)
    } finally {
      this.#running.delete(id)
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort.abort()
    this.#running.delete(id)
  }

  /** Cancels everything. */
  close(): void {
    for (const id of this.#running.keys()) this.cancel(id)
  }

  /** Takes the result that was kept, or works it out and keeps it if the files are still the same then. */
  async #result(
    task: RunningTask,
    { kind, params }: StatisticsRequest,
    control: StatisticsControl,
  ): Promise<StatisticsResult> {
    const { recents, readerOf } = this.#options
    const work = WORK[kind] as StatisticsWork<StatisticsKind>
    const { path, reader } = await readerOf(params)
    task.files = dataPaths(reader)
    const key = work.keyOf(params)
    const kept: CachedStatisticsKey | null =
      key === null ? null : { path, key: JSON.stringify(key), fingerprint: fingerprintOf(path, reader) }
    const known = kept && work.fromJson(recents.cachedStatistics(kept))
    if (known) return known
    control.signal.throwIfAborted()
    const result = await work.run(params, reader, control)
    if (kept && fingerprintOf(path, reader) === kept.fingerprint) {
      const json = work.toJson(result)
      if (json !== null) recents.cacheStatistics(kept, json)
    }
    return result
  }
}

/** Begins work again while it meets rows of a package that are still to be decompressed. */
async function whenDecompressed<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof NumPackError) || error.code !== 'NOT_READY') throw error
    }
    await setTimeout(TRY_AGAIN_AFTER_MS, undefined, { signal })
  }
}
