import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { shortenJob } from './job-texts.ts'
import type {
  ExplorerEvent,
  Job,
  JobKind,
  JobParams,
  JobRequest,
  ArrayTaskRequest,
  ArrayTask,
  Task,
  TaskRequest,
} from '../contract/types.ts'
import { JOB_KINDS, NO_PROGRESS, PROGRESS_EVERY_MS } from '../contract/tasks.ts'
import { endsInTime } from '../../system/ends-in-time.ts'
import type { ArrayTaskResult } from '../engine/messages.ts'
import { targetNameProblem, targetPath } from '../engine/target-name.ts'
import { errorBody } from '../contract/error-body.ts'
import type { EngineTaskControl } from './engine-tasks.ts'
import { JOB_RUNNERS, type JobControl, type JobRunners } from './job-runners.ts'
import { TaskQueue } from '../../system/task-queue.ts'

/** The result of a task that reads an array is kept for this long after the last window has left. */
const KEEP_UNUSED_MS = 60_000

const NO_RESULT: ArrayTaskResult = { figures: null, reading: null, bytes: null }

export interface TaskWindow {
  send(event: ExplorerEvent): void
}

interface TaskEntry {
  task: Task
  readonly controller: AbortController
  ended: Promise<void>
}

interface ArrayTaskEntry extends TaskEntry {
  /** Kind and params as text. Requests with the same key share a task. */
  readonly key: string
  /** For each window, how many of its starts it has not cancelled. */
  readonly windows: Map<TaskWindow, number>
  result: ArrayTaskResult
  /** Approximate memory of the result in bytes; 0 until the task is done. */
  bytes: number
  forget: NodeJS.Timeout | undefined
}

export interface TasksOptions {
  /** Sends an event about a job, with its texts in full length. */
  sendToAll: (event: ExplorerEvent) => void
  runInEngine: (request: ArrayTaskRequest, control: EngineTaskControl) => Promise<ArrayTaskResult>
  /** Returns the threads that compress a backup which starts now; null for as many as the machine suggests. */
  compressionThreads?: () => number | null
  runners?: JobRunners
}

type Change = Partial<Pick<Task, 'state' | 'progress' | 'ended' | 'result' | 'results' | 'error'>>

const isRunning = ({ task }: TaskEntry): boolean => task.state === 'running'

const isJobRequest = (request: TaskRequest): request is JobRequest => Object.hasOwn(JOB_KINDS, request.kind)

function checkTargetName({ kind, params }: JobRequest): void {
  if (kind === 'verify') return
  const path = targetPath(kind, params.source, params.target)
  const problem = targetNameProblem(kind, path)
  if (problem !== null) throw new NumPackError('ARGUMENT', `${path} can't be written. ${problem}`, { path })
}

/** The tasks of a host. Windows share an array task with the same params; it is cancelled when the last one leaves. */
export class Tasks {
  readonly #options: TasksOptions
  readonly #jobs = new Map<number, TaskEntry>()
  /** In order of last use. */
  readonly #arrayTasks = new Map<number, ArrayTaskEntry>()
  readonly #jobQueue = new TaskQueue({ running: LIMITS.jobs, waiting: LIMITS.waitingJobs, name: 'jobs' })
  readonly #statisticsQueue = new TaskQueue({
    running: LIMITS.statistics,
    waiting: LIMITS.waitingArrayTasks,
    name: 'statistics',
  })
  readonly #readingQueue = new TaskQueue({
    running: LIMITS.readings,
    waiting: LIMITS.waitingArrayTasks,
    name: 'plots and images',
  })
  #lastId = 0

  constructor(options: TasksOptions) {
    this.#options = options
  }

  /** Starts, queues or joins a task. Throws `ARGUMENT` when too many wait, or for a target with a forbidden name. */
  start(window: TaskWindow, request: TaskRequest): Task {
    return isJobRequest(request) ? this.#startJob(request) : this.#startArrayTask(window, request)
  }

  list(): Job[] {
    return Array.from(this.#jobs.values(), ({ task }) => shortenJob(task as Job))
  }

  get runningJobs(): number {
    return [...this.#jobs.values()].filter(isRunning).length
  }

  /** Cancels a job, or undoes one start of another task. Throws NOT_FOUND for a task that this window can't see. */
  cancel(window: TaskWindow, id: number): void {
    const job = this.#jobs.get(id)
    if (job) return job.controller.abort()
    const entry = this.#entry(window, id)
    const count = entry.windows.get(window)!
    if (count > 1) entry.windows.set(window, count - 1)
    else this.#leave(window, entry)
  }

  /** Returns the latest result of a task that reads an array. Throws NOT_FOUND for one that this window did not start. */
  result(window: TaskWindow, id: number): ArrayTaskResult {
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

  /** Removes a window from all tasks that read arrays, or from those of one store. */
  leaveAll(window: TaskWindow, store?: number): void {
    for (const entry of this.#arrayTasks.values()) {
      const { params } = entry.task as ArrayTask
      if (entry.windows.has(window) && (store === undefined || params.store === store)) this.#leave(window, entry)
    }
  }

  /** Cancels all tasks and waits until they have ended and cleaned up. Resolves with false if that takes too long. */
  async close(): Promise<boolean> {
    const entries = [...this.#jobs.values(), ...this.#arrayTasks.values()]
    for (const { controller } of entries) controller.abort()
    for (const { forget } of this.#arrayTasks.values()) clearTimeout(forget)
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
        if (now - sent < PROGRESS_EVERY_MS) return
        sent = now
        this.#change(entry, {})
      },
    }
    const { kind, params } = request
    const { runners = JOB_RUNNERS, compressionThreads = () => null } = this.#options
    const run = runners[kind] as (params: JobParams<JobKind>, control: JobControl) => Promise<Job['result']>
    entry.ended = this.#followJob(
      entry,
      this.#jobQueue.run(
        () => run(params, { ...control, compressionThreads: compressionThreads() ?? undefined }),
        controller.signal,
      ),
    )
    return shortenJob(task)
  }

  #startArrayTask(window: TaskWindow, request: ArrayTaskRequest): Task {
    const key = JSON.stringify([request.kind, request.params])
    const shared = [...this.#arrayTasks.values()].find(
      entry => entry.key === key && (entry.task.state === 'running' || entry.task.state === 'done'),
    )
    const entry = shared ?? this.#newArrayTask(request, key)
    clearTimeout(entry.forget)
    this.#markAsUsed(entry)
    entry.windows.set(window, (entry.windows.get(window) ?? 0) + 1)
    return entry.task
  }

  #newArrayTask(request: ArrayTaskRequest, key: string): ArrayTaskEntry {
    const isReading = request.kind === 'lines' || request.kind === 'sample'
    const queue = isReading ? this.#readingQueue : this.#statisticsQueue
    queue.checkRoom()
    const entry: ArrayTaskEntry = {
      ...this.#newEntry(request),
      key,
      windows: new Map(),
      result: NO_RESULT,
      bytes: 0,
      forget: undefined,
    }
    const { task, controller } = entry
    this.#arrayTasks.set(task.id, entry)
    const control: EngineTaskControl = {
      signal: controller.signal,
      onProgress: (progress, result) => {
        if (result !== null) entry.result = result
        this.#change(entry, { progress, results: entry.task.results + (result === null ? 0 : 1) })
      },
    }
    const work = queue.run(() => this.#options.runInEngine(request, control), controller.signal)
    entry.ended = this.#followArrayTask(entry, work)
    return entry
  }

  #newEntry(request: TaskRequest): TaskEntry {
    const task: Omit<Task, 'kind' | 'params'> & TaskRequest = {
      id: ++this.#lastId,
      ...request,
      state: 'running',
      progress: NO_PROGRESS,
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
    const ended = [...this.#jobs.values()].filter(job => !isRunning(job))
    for (const { task } of ended.slice(0, -LIMITS.endedJobs)) this.dismiss(task.id)
  }

  async #followArrayTask(entry: ArrayTaskEntry, work: Promise<ArrayTaskResult>): Promise<void> {
    await this.#finish(entry, async () => {
      entry.result = await work
      entry.bytes = bytesOf(entry.result)
      return { results: entry.task.results + 1 }
    })
    // A failed or cancelled task keeps no partial result.
    if (entry.task.state !== 'done') entry.result = NO_RESULT
    if (entry.windows.size === 0) this.#arrayTasks.delete(entry.task.id)
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

  #change(entry: TaskEntry | ArrayTaskEntry, change: Change): void {
    entry.task = { ...entry.task, ...change } as Task
    const event: ExplorerEvent = { type: 'taskChanged', task: entry.task }
    if ('windows' in entry) for (const window of entry.windows.keys()) window.send(event)
    else this.#options.sendToAll(event)
  }

  #entry(window: TaskWindow, id: number): ArrayTaskEntry {
    const entry = this.#arrayTasks.get(id)
    if (entry?.windows.has(window)) return entry
    throw notFound(id)
  }

  #markAsUsed(entry: ArrayTaskEntry): void {
    this.#arrayTasks.delete(entry.task.id)
    this.#arrayTasks.set(entry.task.id, entry)
  }

  /** After the last window, cancels a running task, or keeps the result of a done one for a while. */
  #leave(window: TaskWindow, entry: ArrayTaskEntry): void {
    entry.windows.delete(window)
    if (entry.windows.size > 0) return
    const { id, state } = entry.task
    if (state === 'done') {
      entry.forget = setTimeout(() => this.#arrayTasks.delete(id), KEEP_UNUSED_MS)
      entry.forget.unref()
      return
    }
    entry.controller.abort()
    this.#arrayTasks.delete(id)
  }

  #forgetOldest(): void {
    const ended = [...this.#arrayTasks.values()].filter(entry => !isRunning(entry))
    let bytes = ended.reduce((sum, entry) => sum + entry.bytes, 0)
    let count = ended.length
    for (const entry of ended) {
      if (count <= LIMITS.doneArrayTasks && bytes <= LIMITS.doneArrayTaskBytes) return
      clearTimeout(entry.forget)
      this.#arrayTasks.delete(entry.task.id)
      count--
      bytes -= entry.bytes
    }
  }
}

const bytesOf = ({ figures, bytes }: ArrayTaskResult): number =>
  (bytes?.byteLength ?? 0) + (figures === null ? 0 : 2 * JSON.stringify(figures).length)

const notFound = (task: number): NumPackError =>
  new NumPackError('NOT_FOUND', 'This task is not in the list any more.', { task })
