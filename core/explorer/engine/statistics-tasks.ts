import { NumPackError } from '../../format/errors.ts'
import type { Json, CachedStatisticsKey, Recents } from '../../database/recents.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { progressMeter } from '../../system/progress.ts'
import { dataPaths, fingerprintOf } from './array-files.ts'
import { arrayStatistics } from './array-statistics.ts'
import { columnStatistics } from './column-statistics.ts'
import { errorBody } from '../contract/error-body.ts'
import type { Progress, StatisticsKind, StatisticsParams, StatisticsRequest, View } from '../contract/types.ts'
import type { StatisticsResult, TaskMessage } from './messages.ts'
import type { ByteWait } from './open-source.ts'

/** Minimum interval between progress reports. */
const REPORT_EVERY_MS = 100

/** After a report, wait at least this many times as long as it took to make. */
const REST_FACTOR = 3

interface StatisticsControl {
  signal: AbortSignal
  /** `result` computes the statistics of the elements read so far; null when there are none. */
  onProgress: (progress: Progress, result: () => StatisticsResult | null) => void
}

/** Computes and caches one kind of statistics. */
export interface StatisticsWork<K extends StatisticsKind> {
  /** Returns the position after the last row that is read; null for all rows. */
  rows(params: StatisticsParams<K>): number | null
  /** Returns the cache key of the result; null when it is not cached. */
  keyOf(params: StatisticsParams<K>): Json
  run(params: StatisticsParams<K>, reader: ArrayReader, control: StatisticsControl): Promise<StatisticsResult>
  /** Converts a result for the cache; null when it is too large. */
  toJson(result: StatisticsResult): Json
  /** Reads a result from the cache; null when it is invalid. */
  fromJson(cached: Json): StatisticsResult | null
}

const WORK: { readonly [K in StatisticsKind]: StatisticsWork<K> } = { statistics: arrayStatistics, columnStatistics }

/** What a task reads. */
export interface TaskSource {
  /** Path of the store. */
  readonly path: string
  readonly reader: ArrayReader
  /** Resolves when the first `bytes` bytes of the array can be read. */
  readonly whenReadable: (bytes: number, wait: ByteWait) => Promise<void>
}

interface StatisticsTasksOptions {
  recents: Pick<Recents, 'cachedStatistics' | 'cacheStatistics'>
  /** Returns what a task reads. Rejects with NumPackError. */
  sourceOf: (params: StatisticsRequest['params']) => Promise<TaskSource>
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
      resultOf: () => StatisticsResult | null,
    ): void => {
      const start = performance.now()
      if (signal.aborted || start < nextReport) return
      const progress = { bytesDone, bytesTotal, rate, secondsLeft }
      send({ kind: 'taskProgress', task: id, progress, result: resultOf() })
      const end = performance.now()
      nextReport = Math.max(start + REPORT_EVERY_MS, end + REST_FACTOR * (end - start))
    }
    try {
      const result = await this.#result(task, request, { signal, onProgress })
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
  async #result(task: RunningTask, request: StatisticsRequest, control: StatisticsControl): Promise<StatisticsResult> {
    const { recents, sourceOf } = this.#options
    const work = WORK[request.kind] as StatisticsWork<StatisticsKind>
    const { params } = request
    const source = await sourceOf(params)
    const { path, reader } = source
    const bytes = bytesOf(reader, params, work.rows(params))
    // Before this, a packed array may have no file yet.
    await source.whenReadable(0, { signal: control.signal, onProgress: () => {} })
    task.files = dataPaths(reader)
    const key = work.keyOf(params)
    const cacheKey: CachedStatisticsKey | null =
      key === null ? null : { path, key: JSON.stringify(key), fingerprint: fingerprintOf(path, reader) }
    const cached = cacheKey && work.fromJson(recents.cachedStatistics(cacheKey))
    if (cached) return cached
    control.signal.throwIfAborted()
    const result = await decompressed(source, bytes, control, control => work.run(params, reader, control))
    if (cacheKey && fingerprintOf(path, reader) === cacheKey.fingerprint) {
      const json = work.toJson(result)
      if (json !== null) recents.cacheStatistics(cacheKey, json)
    }
    return result
  }
}

/** Returns the number of bytes of an array up to and including the row before position `rows` of a view. */
function bytesOf(reader: ArrayReader, { view }: { view: View }, rows: number | null): number {
  const { parts } = reader.source
  const all = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  if (rows === null || reader.shape.length === 0) return all
  const rowSet = reader.rowSet(view)
  const count = Math.min(rows, rowSet.count)
  return count === 0 ? 0 : (rowSet.select(count - 1) + 1) * reader.rowBytes
}

/**
 * Does work on the first `bytes` bytes of an array once they are decompressed, and again if other arrays took their place
 * on the disk meanwhile.
 */
async function decompressed<T>(
  source: TaskSource,
  bytes: number,
  control: StatisticsControl,
  work: (control: StatisticsControl) => Promise<T>,
): Promise<T> {
  for (let needed = bytes; ; ) {
    const afterwards = await decompress(source, needed, control)
    try {
      return await work(afterwards)
    } catch (error) {
      if (!(error instanceof NumPackError) || error.code !== 'NOT_READY') throw error
      needed = Math.max(needed, Number(error.details['bytes']))
    }
  }
}

/**
 * Waits until the first `bytes` bytes are decompressed. Returns the control of the work that follows, whose progress
 * continues that of the decompression.
 */
async function decompress(
  { whenReadable }: TaskSource,
  bytes: number,
  control: StatisticsControl,
): Promise<StatisticsControl> {
  const { signal, onProgress } = control
  const meter = progressMeter()
  let waited = 0
  const onBytes = (ready: number): void => {
    waited = bytes
    // The decompressed bytes are then read once.
    onProgress(meter(ready, 2 * bytes), () => null)
  }
  await whenReadable(bytes, { signal, onProgress: onBytes })
  return {
    signal,
    onProgress: ({ bytesDone, bytesTotal, ...speed }, result) =>
      onProgress({ bytesDone: waited + bytesDone, bytesTotal: waited + bytesTotal, ...speed }, result),
  }
}
