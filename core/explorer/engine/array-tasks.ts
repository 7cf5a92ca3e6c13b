import { NumPackError } from '../../format/errors.ts'
import type { Json, CachedStatisticsKey, Recents } from '../../database/recents.ts'
import { isAscending } from '../../array/row-set.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { progressMeter } from '../../system/progress.ts'
import { dataPaths, fingerprintOf } from './array-files.ts'
import { arrayStatistics } from './array-statistics.ts'
import { columnStatistics } from './column-statistics.ts'
import { lines } from './read-lines.ts'
import { sample } from './read-sample.ts'
import { rowSetOf } from './row-sets.ts'
import { Turns } from './turns.ts'
import { PROGRESS_EVERY_MS } from '../contract/tasks.ts'
import { errorBody } from '../contract/error-body.ts'
import type { Progress, ArrayTaskKind, ArrayTaskParams, ArrayTaskRequest, RowSetName } from '../contract/types.ts'
import type { ArrayTaskResult, TaskMessage } from './messages.ts'
import type { ByteWait } from './open-source.ts'

/** After a report, wait at least this many times as long as it took to make. */
const REST_FACTOR = 3

export interface ArrayWorkControl {
  signal: AbortSignal
  /** Number of threads for a large array; undefined for as many as the machine suggests. */
  workers?: number | undefined
  onProgress: (progress: Progress, result: () => ArrayTaskResult | null) => void
  /** Resolves when work in this thread that has taken `TURN_MS` may go on. */
  nextTurn: () => Promise<void>
  now: () => number
}

interface ResultCache<K extends ArrayTaskKind> {
  /** Returns the key of the result; null if it is not cached. */
  keyOf(params: ArrayTaskParams<K>): Json
  /** Returns null if the result is too large to cache. */
  toJson(result: ArrayTaskResult): Json
  /** Returns null if the cached JSON is invalid. */
  fromJson(cached: Json): ArrayTaskResult | null
}

export interface ArrayWork<K extends ArrayTaskKind> {
  /** Returns the position after the last row that is read; null for all rows. */
  rows(params: ArrayTaskParams<K>): number | null
  run(params: ArrayTaskParams<K>, reader: ArrayReader, control: ArrayWorkControl): Promise<ArrayTaskResult>
  readonly cache: ResultCache<K> | null
}

const WORK: { readonly [K in ArrayTaskKind]: ArrayWork<K> } = {
  statistics: arrayStatistics,
  columnStatistics,
  lines,
  sample,
}

export interface TaskSource {
  readonly path: string
  readonly reader: ArrayReader
  /** Resolves when the first `bytes` bytes of the array can be read. */
  readonly whenReadable: (bytes: number, wait: ByteWait) => Promise<void>
}

interface ArrayTasksOptions {
  recents: Pick<Recents, 'cachedStatistics' | 'cacheStatistics'>
  sourceOf: (params: ArrayTaskRequest['params']) => Promise<TaskSource>
  /** Called with a store if its array changed on disk while a task read it. */
  onChanged: (store: number) => void
  /** Returns the number of threads of a task that starts now; null for as many as the machine suggests. */
  workers: () => number | null
  send: (message: TaskMessage) => void
}

interface RunningTask {
  readonly abort: AbortController
  files: readonly string[]
}

export class ArrayTasks {
  readonly #options: ArrayTasksOptions
  readonly #running = new Map<number, RunningTask>()
  readonly #turns = new Turns()

  constructor(options: ArrayTasksOptions) {
    this.#options = options
  }

  get files(): string[] {
    return [...this.#running.values()].flatMap(({ files }) => files)
  }

  /** Runs a task and sends its progress and its end. Never rejects. */
  async start(id: number, request: ArrayTaskRequest): Promise<void> {
    const { send, onChanged, workers } = this.#options
    const task: RunningTask = { abort: new AbortController(), files: [] }
    const { signal } = task.abort
    this.#running.set(id, task)
    let nextReport = -Infinity
    const onProgress = (
      { bytesDone, bytesTotal, rate, secondsLeft }: Progress,
      resultOf: () => ArrayTaskResult | null,
    ): void => {
      const start = performance.now()
      if (signal.aborted || start < nextReport) return
      const progress = { bytesDone, bytesTotal, rate, secondsLeft }
      send({ kind: 'taskProgress', task: id, progress, result: resultOf() })
      const end = performance.now()
      nextReport = Math.max(start + PROGRESS_EVERY_MS, end + REST_FACTOR * (end - start))
    }
    try {
      const result = await this.#result(task, request, {
        signal,
        workers: workers() ?? undefined,
        onProgress,
        nextTurn: () => this.#turns.next(),
        now: () => performance.now(),
      })
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

  close(): void {
    for (const id of this.#running.keys()) this.cancel(id)
  }

  /** Returns the cached result, or computes it and caches it unless a file changed during that. */
  async #result(task: RunningTask, request: ArrayTaskRequest, control: ArrayWorkControl): Promise<ArrayTaskResult> {
    const source = await this.#options.sourceOf(request.params)
    return source.reader.source.whileLeased(() => this.#resultOf(source, task, request, control))
  }

  async #resultOf(
    source: TaskSource,
    task: RunningTask,
    request: ArrayTaskRequest,
    control: ArrayWorkControl,
  ): Promise<ArrayTaskResult> {
    const { recents } = this.#options
    const work = WORK[request.kind] as ArrayWork<ArrayTaskKind>
    const { params } = request
    const { path, reader } = source
    const bytes = bytesOf(reader, params, work.rows(params))
    // Before this, a packed array may have no file yet.
    await source.whenReadable(0, { signal: control.signal, onProgress: () => {} })
    task.files = dataPaths(reader)
    const key = work.cache?.keyOf(params) ?? null
    const cacheKey: CachedStatisticsKey | null =
      key === null ? null : { path, key: JSON.stringify(key), fingerprint: fingerprintOf(path, reader) }
    const cached = cacheKey && work.cache?.fromJson(recents.cachedStatistics(cacheKey))
    if (cached) return cached
    control.signal.throwIfAborted()
    const result = await decompressed(source, bytes, control, control => work.run(params, reader, control))
    if (cacheKey && fingerprintOf(path, reader) === cacheKey.fingerprint) {
      const json = work.cache?.toJson(result) ?? null
      if (json !== null) recents.cacheStatistics(cacheKey, json)
    }
    return result
  }
}

/** Returns how many bytes of an array, from its beginning, hold the first `rows` rows of a row set; null means all. */
function bytesOf(reader: ArrayReader, { rowSet }: { rowSet: RowSetName }, rows: number | null): number {
  const { parts } = reader.source
  const all = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  if (rows === null || reader.shape.length === 0) return all
  const set = rowSetOf(reader, rowSet)
  if (!isAscending(set)) return all
  const count = Math.min(rows, set.count)
  return count === 0 ? 0 : (set.select(count - 1) + 1) * reader.rowBytes
}

/** Decompresses the array, then does the work. Does both again if the work needs more bytes. */
async function decompressed<T>(
  source: TaskSource,
  bytes: number,
  control: ArrayWorkControl,
  work: (control: ArrayWorkControl) => Promise<T>,
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

/** Returns the control of the work that follows, whose progress continues that of the decompression. */
async function decompress(
  { whenReadable }: TaskSource,
  bytes: number,
  control: ArrayWorkControl,
): Promise<ArrayWorkControl> {
  const { signal, onProgress, ...others } = control
  const meter = progressMeter()
  let waited = 0
  const onBytes = (ready: number): void => {
    waited = bytes
    // The decompressed bytes are then read once.
    onProgress(meter(ready, 2 * bytes), () => null)
  }
  await whenReadable(bytes, { signal, onProgress: onBytes })
  return {
    ...others,
    signal,
    onProgress: ({ bytesDone, bytesTotal, ...speed }, result) =>
      onProgress({ bytesDone: waited + bytesDone, bytesTotal: waited + bytesTotal, ...speed }, result),
  }
}
