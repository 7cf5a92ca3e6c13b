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

/** The progress of a job is sent at most this often. The engine sends that of statistics less often still. */
const SEND_EVERY_MS = 100

/** Results of statistics that no window uses are forgotten after so long. */
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
  /** What tasks that are shared have in common. */
  readonly key: string
  /** How often each window started the task and has not cancelled it. */
  readonly windows: Map<TaskWindow, number>
  result: StatisticsResult
  /** About so many bytes of memory, once it is done. */
  bytes: number
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
 * The long work of a host. Jobs are started, followed, cancelled and dismissed by any window. Statistics are shared by the
 * windows that started them with the same params, and end when the last of these has left.
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
   * Starts a task, has it wait for its turn, or joins one that is shared. Throws `ARGUMENT` where too many wait, or for a
   * target's name.
   */
  start(window: TaskWindow, request: TaskRequest): Task {
    return isJobRequest(request) ? this.#startJob(request) : this.#startStatistics(window, request)
  }

  /** The jobs, oldest first. */
  list(): Job[] {
    return Array.from(this.#jobs.values(), ({ task }) => task as Job)
  }

  /** How many jobs run or wait for their turn. */
  get runningJobs(): number {
    return this.list().filter(({ state }) => state === 'running').length
  }

  /** Cancels a job, or a window's share in statistics. Throws NOT_FOUND for a task that this window can't see. */
  cancel(window: TaskWindow, id: number): void {
    const job = this.#jobs.get(id)
    if (job) return job.controller.abort()
    const entry = this.#entry(window, id)
    const count = entry.windows.get(window)!
    if (count > 1) entry.windows.set(window, count - 1)
    else this.#leave(window, entry)
  }

  /** The latest result of statistics. Throws NOT_FOUND for a task that isn't this window's. */
  result(window: TaskWindow, id: number): StatisticsResult {
    const entry = this.#entry(window, id)
    this.#markAsUsed(entry)
    return entry.result
  }

  /** Takes a job that has ended from the list. Throws ARGUMENT for one that runs, NOT_FOUND for one that isn't there. */
  dismiss(id: number): void {
    const job = this.#jobs.get(id)
    if (!job) throw notFound(id)
    if (isRunning(job)) throw new NumPackError('ARGUMENT', 'This job is still running: cancel it first.', { job: id })
    this.#jobs.delete(id)
    this.#options.sendToAll({ type: 'jobDismissed', job: id })
  }

  /** Takes a window from all statistics, or from those of one store. */
  leaveAll(window: TaskWindow, store?: number): void {
    for (const entry of this.#statistics.values()) {
      const { params } = entry.task as StatisticsTask
      if (entry.windows.has(window) && (store === undefined || params.store === store)) this.#leave(window, entry)
    }
  }

  /** Cancels everything that runs, and waits until nothing of it is left behind. Whether that came in time. */
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
    const known = [...this.#statistics.values()].find(
      entry => entry.key === key && (entry.task.state === 'running' || entry.task.state === 'done'),
    )
    const entry = known ?? this.#newStatistics(request, key)
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
    // What was found before a failure is of no use.
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

  /** Takes a window from a task. Without windows, it ends if it runs, and is kept for a while if it is done. */
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

  /** Keeps a bounded number of results, and bytes of them: those that were used last. */
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
