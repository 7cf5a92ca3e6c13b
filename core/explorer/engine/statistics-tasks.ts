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

/** Delay before a task retries to read rows of a package that are not decompressed yet. */
const RETRY_AFTER_MS = 500

/** Minimum interval between progress reports. */
const REPORT_EVERY_MS = 100

/** After a report, wait at least this many times as long as it took to make. */
const REST_FACTOR = 3

interface StatisticsControl {
  signal: AbortSignal
  /** `result` computes the statistics of the elements read so far. */
  onProgress: (progress: Progress, result: () => StatisticsResult) => void
}

/** Computes and caches one kind of statistics. */
export interface StatisticsWork<K extends StatisticsKind> {
  /** Returns the cache key of the result; null when it is not cached. */
  keyOf(params: StatisticsParams<K>): Json
  run(params: StatisticsParams<K>, reader: ArrayReader, control: StatisticsControl): Promise<StatisticsResult>
  /** Converts a result for the cache; null when it is too large. */
  toJson(result: StatisticsResult): Json
  /** Reads a result from the cache; null when it is invalid. */
  fromJson(cached: Json): StatisticsResult | null
}

const WORK: { readonly [K in StatisticsKind]: StatisticsWork<K> } = { statistics: arrayStatistics, columnStatistics }

interface StatisticsTasksOptions {
  recents: Pick<Recents, 'cachedStatistics' | 'cacheStatistics'>
  /** Returns the path of a request's store and a reader of its array. Rejects with NumPackError. */
  readerOf: (params: StatisticsRequest['params']) => Promise<{ path: string; reader: ArrayReader }>
  /** Called with a store if its array changed on disk while a task read it. */
  onChanged: (store: number) => void
  send: (message: TaskMessage) => void
}

interface RunningTask {
  readonly abort: AbortController
  /** Paths of the files that the task reads. */
  files: readonly string[]
}

/** Statistics tasks in the engine. */
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

  /** Runs a task and sends its progress and its end. Never rejects. */
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
      nextReport = Math.max(start + REPORT_EVERY_MS, end + REST_FACTOR * (end - start))
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

  /** Returns the cached result, or computes it and caches it unless a file changed during that. */
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
    const cacheKey: CachedStatisticsKey | null =
      key === null ? null : { path, key: JSON.stringify(key), fingerprint: fingerprintOf(path, reader) }
    const cached = cacheKey && work.fromJson(recents.cachedStatistics(cacheKey))
    if (cached) return cached
    control.signal.throwIfAborted()
    const result = await work.run(params, reader, control)
    if (cacheKey && fingerprintOf(path, reader) === cacheKey.fingerprint) {
      const json = work.toJson(result)
      if (json !== null) recents.cacheStatistics(cacheKey, json)
    }
    return result
  }
}

/** Repeats work until the rows of a package that it reads are decompressed. */
async function whenDecompressed<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof NumPackError) || error.code !== 'NOT_READY') throw error
    }
    await setTimeout(RETRY_AFTER_MS, undefined, { signal })
  }
}
