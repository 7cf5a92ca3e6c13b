import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type {
  ExplorerEvent,
  Job,
  JobKind,
  JobParams,
  JobRequest,
  Progress,
  StatisticsRequest,
  StatisticsTask,
  Task,
  TaskRequest,
} from '../contract/types.ts'
import { JOB_KINDS } from '../contract/tasks.ts'
import { endsInTime } from '../../system/ends-in-time.ts'
import type { StatisticsResult } from '../engine/messages.ts'
import { nameProblem, targetPath } from '../engine/target-name.ts'
import { errorBody } from '../contract/error-body.ts'
import type { EngineTaskControl } from './engine-tasks.ts'
import { JOB_RUNNERS, type JobControl, type JobRunners } from './job-runners.ts'
import { TaskQueue } from '../../system/task-queue.ts'

/** Minimum interval between progress events of a job. For statistics, the engine limits them. */
const SEND_EVERY_MS = 100

/** Results of statistics are kept for this long after the last window has left. */
const KEEP_UNUSED_MS = 60_000

const NOT_STARTED: Progress = { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null }

const NO_RESULT: StatisticsResult = { figures: null, bytes: null }

/** A window that starts tasks. */
export interface TaskWindow {
  send(event: ExplorerEvent): void
}

interface TaskEntry {
  task: Task
  readonly controller: AbortController
  ended: Promise<void>
}

interface StatisticsEntry extends TaskEntry {
  /** Kind and params as text. Requests with the same key share a task. */
  readonly key: string
  /** For each window, how many of its starts it has not cancelled. */
  readonly windows: Map<TaskWindow, number>
  result: StatisticsResult
  /** Approximate memory of the result in bytes; 0 until the task is done. */
  bytes: number
  /** Timer that removes the result when no window uses it. */
  forget: NodeJS.Timeout | undefined
}

export interface TasksOptions {
  /** Sends an event to every window. */
  sendToAll: (event: ExplorerEvent) => void
  runStatistics: (request: StatisticsRequest, control: EngineTaskControl) => Promise<StatisticsResult>
  runners?: JobRunners
}

type Change = Partial<Pick<Task, 'state' | 'progress' | 'ended' | 'result' | 'results' | 'error'>>

const isRunning = ({ task }: TaskEntry): boolean => task.state === 'running'

const isJobRequest = (request: TaskRequest): request is JobRequest => Object.hasOwn(JOB_KINDS, request.kind)

function checkTargetName({ kind, params }: JobRequest): void {
  if (kind === 'verify') return
  const path = targetPath(kind, params.source, params.target)
  const problem = nameProblem(kind, path)
  if (problem !== null) throw new NumPackError('ARGUMENT', `${path} can't be written. ${problem}`, { path })
}

/**
 * The tasks of a host. Any window can start, follow, cancel and dismiss jobs. Windows that start statistics with the same
 * params share one task, which is cancelled when the last of them leaves.
 */
export class Tasks {
  readonly #options: TasksOptions
  readonly #jobs = new Map<number, TaskEntry>()
  /** In order of last use. */
  readonly #statistics = new Map<number, StatisticsEntry>()
  readonly #jobQueue = new TaskQueue({ running: LIMITS.jobs, waiting: LIMITS.waitingJobs, name: 'jobs' })
  readonly #statisticsQueue = new TaskQueue({
    running: LIMITS.statistics,
    waiting: LIMITS.waitingStatistics,
    name: 'statistics',
  })
  #lastId = 0

  constructor(options: TasksOptions) {
    this.#options = options
  }

  /**
   * Starts a task, now or when it is its turn, or joins a running or done one with the same params. Throws `ARGUMENT` when
   * too many wait, or for a target with a forbidden name.
   */
  start(window: TaskWindow, request: TaskRequest): Task {
    return isJobRequest(request) ? this.#startJob(request) : this.#startStatistics(window, request)
  }

  /** Returns the jobs, oldest first. */
  list(): Job[] {
    return Array.from(this.#jobs.values(), ({ task }) => task as Job)
  }

  /** Number of jobs that are running or waiting. */
  get runningJobs(): number {
    return this.list().filter(({ state }) => state === 'running').length
  }

  /** Cancels a job, or undoes one start of statistics. Throws NOT_FOUND for a task that this window can't see. */
  cancel(window: TaskWindow, id: number): void {
    const job = this.#jobs.get(id)
    if (job) return job.controller.abort()
    const entry = this.#entry(window, id)
    const count = entry.windows.get(window)!
    if (count > 1) entry.windows.set(window, count - 1)
    else this.#leave(window, entry)
  }

  /** Returns the latest result of statistics. Throws NOT_FOUND for a task that this window did not start. */
  result(window: TaskWindow, id: number): StatisticsResult {
    const entry = this.#entry(window, id)
    this.#markAsUsed(entry)
    return entry.result
  }

  /** Removes a job that has ended. Throws ARGUMENT for a running job, NOT_FOUND for an unknown one. */
  dismiss(id: number): void {
    const job = this.#jobs.get(id)
    if (!job) throw notFound(id)
    if (isRunning(job)) throw new NumPackError('ARGUMENT', 'This job is still running: cancel it first.', { job: id })
    this.#jobs.delete(id)
    this.#options.sendToAll({ type: 'jobDismissed', job: id })
  }

  /** Removes a window from all statistics, or from those of one store. */
  leaveAll(window: TaskWindow, store?: number): void {
    for (const entry of this.#statistics.values()) {
      const { params } = entry.task as StatisticsTask
      if (entry.windows.has(window) && (store === undefined || params.store === store)) this.#leave(window, entry)
    }
  }

  /** Cancels all tasks and waits until they have ended and cleaned up. Resolves with false if that takes too long. */
  async close(): Promise<boolean> {
    const entries = [...this.#jobs.values(), ...this.#statistics.values()]
    for (const { controller } of entries) controller.abort()
    for (const { forget } of this.#statistics.values()) clearTimeout(forget)
    return endsInTime(Promise.all(entries.map(({ ended }) => ended)))
  }

  #startJob(request: JobRequest): Task {
    checkTargetName(request)
    this.#jobQueue.checkRoom()
    const entry = this.#newEntry(request)
    const { task, controller } = entry
    this.#jobs.set(task.id, entry)
    this.#change(entry, {})
    let sent = -Infinity
    const control: JobControl = {
      signal: controller.signal,
      onProgress: progress => {
        entry.task = { ...entry.task, progress }
        const now = performance.now()
        if (now - sent < SEND_EVERY_MS) return
        sent = now
        this.#change(entry, {})
      },
    }
    const { kind, params } = request
    const { runners = JOB_RUNNERS } = this.#options
    const run = runners[kind] as (params: JobParams<JobKind>, control: JobControl) => Promise<Job['result']>
    entry.ended = this.#followJob(
      entry,
      this.#jobQueue.run(() => run(params, control), controller.signal),
    )
    return task
  }

  #startStatistics(window: TaskWindow, request: StatisticsRequest): Task {
    const key = JSON.stringify([request.kind, request.params])
    const shared = [...this.#statistics.values()].find(
      entry => entry.key === key && (entry.task.state === 'running' || entry.task.state === 'done'),
    )
    const entry = shared ?? this.#newStatistics(request, key)
    clearTimeout(entry.forget)
    this.#markAsUsed(entry)
    entry.windows.set(window, (entry.windows.get(window) ?? 0) + 1)
    return entry.task
  }

  #newStatistics(request: StatisticsRequest, key: string): StatisticsEntry {
    this.#statisticsQueue.checkRoom()
    const entry: StatisticsEntry = {
      ...this.#newEntry(request),
      key,
      windows: new Map(),
      result: NO_RESULT,
      bytes: 0,
      forget: undefined,
    }
    const { task, controller } = entry
    this.#statistics.set(task.id, entry)
    const control: EngineTaskControl = {
      signal: controller.signal,
      onProgress: (progress, result) => {
        if (result !== null) entry.result = result
        this.#change(entry, { progress, results: entry.task.results + (result === null ? 0 : 1) })
      },
    }
    const work = this.#statisticsQueue.run(() => this.#options.runStatistics(request, control), controller.signal)
    entry.ended = this.#followStatistics(entry, work)
    return entry
  }

  #newEntry(request: TaskRequest): TaskEntry {
    const task: Omit<Task, 'kind' | 'params'> & TaskRequest = {
      id: ++this.#lastId,
      ...request,
      state: 'running',
      progress: NOT_STARTED,
      started: Date.now(),
      ended: null,
      results: 0,
      result: null,
      error: null,
    }
    return { task: task as Task, controller: new AbortController(), ended: Promise.resolve() }
  }

  async #followJob(entry: TaskEntry, work: Promise<Job['result']>): Promise<void> {
    await this.#finish(entry, async () => ({ result: await work }))
    const ended = this.list().filter(({ state }) => state !== 'running')
    for (const { id } of ended.slice(0, -LIMITS.endedJobs)) this.dismiss(id)
  }

  async #followStatistics(entry: StatisticsEntry, work: Promise<StatisticsResult>): Promise<void> {
    await this.#finish(entry, async () => {
      entry.result = await work
      entry.bytes = bytesOf(entry.result)
      return { results: entry.task.results + 1 }
    })
    // A failed or cancelled task keeps no partial result.
    if (entry.task.state !== 'done') entry.result = NO_RESULT
    if (entry.windows.size === 0) this.#statistics.delete(entry.task.id)
    this.#forgetOldest()
  }

  async #finish(entry: TaskEntry, work: () => Promise<Change>): Promise<void> {
    try {
      const change = await work()
      this.#change(entry, { state: 'done', ended: Date.now(), ...change })
    } catch (error) {
      const isCancelled = entry.controller.signal.aborted && error instanceof NumPackError && error.code === 'ABORTED'
      const change: Change = isCancelled ? { state: 'cancelled' } : { state: 'failed', error: errorBody(error) }
      this.#change(entry, { ...change, ended: Date.now() })
    }
  }

  #change(entry: TaskEntry | StatisticsEntry, change: Change): void {
    entry.task = { ...entry.task, ...change } as Task
    const event: ExplorerEvent = { type: 'taskChanged', task: entry.task }
    if ('windows' in entry) for (const window of entry.windows.keys()) window.send(event)
    else this.#options.sendToAll(event)
  }

  #entry(window: TaskWindow, id: number): StatisticsEntry {
    const entry = this.#statistics.get(id)
    if (entry?.windows.has(window)) return entry
    throw notFound(id)
  }

  #markAsUsed(entry: StatisticsEntry): void {
    this.#statistics.delete(entry.task.id)
    this.#statistics.set(entry.task.id, entry)
  }

  /**
   * Removes a window from a task. After the last one, cancels a running task and keeps the result of a done one for a
   * while.
   */
  #leave(window: TaskWindow, entry: StatisticsEntry): void {
    entry.windows.delete(window)
    if (entry.windows.size > 0) return
    const { id, state } = entry.task
    if (state === 'done') {
      entry.forget = setTimeout(() => this.#statistics.delete(id), KEEP_UNUSED_MS)
      entry.forget.unref()
      return
    }
    entry.controller.abort()
    this.#statistics.delete(id)
  }

  /** Removes the least recently used results beyond the maximum number and the maximum total size. */
  #forgetOldest(): void {
    const ended = [...this.#statistics.values()].filter(entry => !isRunning(entry))
    let bytes = ended.reduce((sum, entry) => sum + entry.bytes, 0)
    let count = ended.length
    for (const entry of ended) {
      if (count <= LIMITS.doneStatistics && bytes <= LIMITS.doneStatisticsBytes) return
      clearTimeout(entry.forget)
      this.#statistics.delete(entry.task.id)
      count--
      bytes -= entry.bytes
    }
  }
}

const bytesOf = ({ figures, bytes }: StatisticsResult): number =>
  (bytes?.byteLength ?? 0) + (figures === null ? 0 : 2 * JSON.stringify(figures).length)

const notFound = (task: number): NumPackError =>
  new NumPackError('NOT_FOUND', 'This task is not in the list any more.', { task })
