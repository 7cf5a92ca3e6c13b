import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { ExplorerEvent, Job, JobKind, JobParams, JobRequest } from '../contract/types.ts'
import { endsInTime } from '../../system/ends-in-time.ts'
import { nameProblem, targetPath } from '../engine/target-name.ts'
import { errorBody } from '../contract/error-body.ts'
import { JOB_RUNNERS, type JobControl, type JobRunners } from './job-runners.ts'
import { TaskQueue } from '../../system/task-queue.ts'

/** Windows are told of a job's progress at most this often. */
const TELL_EVERY_MS = 100

const NOT_STARTED = { bytesDone: 0, bytesTotal: 0, rate: 0, secondsLeft: null }

type Change = Partial<Pick<Job, 'state' | 'ended' | 'result' | 'error'>>

interface Entry {
  job: Job
  readonly controller: AbortController
  ended: Promise<void>
}

function checkTargetName({ kind, params }: JobRequest): void {
  if (kind === 'verify' || !('target' in params)) return
  const path = targetPath(kind, params.source, params.target)
  const problem = nameProblem(kind, path)
  if (problem !== null) throw new NumPackError('ARGUMENT', `${path} can't be written. ${problem}`, { path })
}

/** The long work of a host: started, followed, cancelled and forgotten by any of its windows. */
export class Jobs {
  readonly #runners: JobRunners
  readonly #tell: (event: ExplorerEvent) => void
  readonly #entries = new Map<number, Entry>()
  readonly #queue = new TaskQueue({ running: LIMITS.jobs, waiting: LIMITS.waitingJobs, name: 'jobs' })
  #lastId = 0

  /** `tell` is called with every change of the list. */
  constructor(tell: (event: ExplorerEvent) => void, runners: JobRunners = JOB_RUNNERS) {
    this.#tell = tell
    this.#runners = runners
  }

  /** Starts a job, or has it wait for its turn. Throws `ARGUMENT` where too many wait, or for a target's name. */
  start(request: JobRequest): Job {
    checkTargetName(request)
    this.#queue.checkRoom()
    const job = {
      id: ++this.#lastId,
      ...request,
      state: 'running',
      progress: NOT_STARTED,
      started: Date.now(),
      ended: null,
      result: null,
      error: null,
    } satisfies Job
    const entry: Entry = { job, controller: new AbortController(), ended: Promise.resolve() }
    this.#entries.set(job.id, entry)
    this.#change(entry, {})
    entry.ended = this.#run(entry, request)
    return job
  }

  list(): Job[] {
    return Array.from(this.#entries.values(), ({ job }) => job)
  }

  /** How many jobs run or wait for their turn. */
  get running(): number {
    return this.list().filter(({ state }) => state === 'running').length
  }

  /** Throws NOT_FOUND for a job that isn't in the list. */
  cancel(id: number): void {
    this.#entry(id).controller.abort()
  }

  /** Takes a job that has ended from the list. Throws ARGUMENT for one that runs, NOT_FOUND for one that isn't there. */
  dismiss(id: number): void {
    if (this.#entry(id).job.state === 'running')
      throw new NumPackError('ARGUMENT', 'This job is still running: cancel it first.', { job: id })
    this.#entries.delete(id)
    this.#tell({ type: 'jobDismissed', job: id })
  }

  /** Cancels everything that runs, and waits until nothing of it is left behind. Whether that came in time. */
  async close(): Promise<boolean> {
    for (const { controller } of this.#entries.values()) controller.abort()
    return endsInTime(Promise.all(Array.from(this.#entries.values(), ({ ended }) => ended)))
  }

  #entry(id: number): Entry {
    const entry = this.#entries.get(id)
    if (entry) return entry
    throw new NumPackError('NOT_FOUND', 'This job is not in the list any more.', { job: id })
  }

  async #run(entry: Entry, { kind, params }: JobRequest): Promise<void> {
    const { signal } = entry.controller
    let told = -Infinity
    const control: JobControl = {
      signal,
      onProgress: progress => {
        entry.job = { ...entry.job, progress }
        const now = performance.now()
        if (now - told < TELL_EVERY_MS) return
        told = now
        this.#tell({ type: 'jobChanged', job: entry.job })
      },
    }
    try {
      const run = this.#runners[kind] as (params: JobParams<JobKind>, control: JobControl) => Promise<Job['result']>
      this.#end(entry, { state: 'done', result: await this.#queue.run(() => run(params, control), signal) })
    } catch (error) {
      const cancelled = signal.aborted && error instanceof NumPackError && error.code === 'ABORTED'
      this.#end(entry, cancelled ? { state: 'cancelled' } : { state: 'failed', error: errorBody(error) })
    }
  }

  #end(entry: Entry, end: Change): void {
    this.#change(entry, { ...end, ended: Date.now() })
    const ended = this.list().filter(({ state }) => state !== 'running')
    for (const { id } of ended.slice(0, -LIMITS.endedJobs)) this.dismiss(id)
  }

  #change(entry: Entry, change: Change): void {
    entry.job = { ...entry.job, ...change } as Job
    this.#tell({ type: 'jobChanged', job: entry.job })
  }
}
