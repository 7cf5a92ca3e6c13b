import { createStore } from 'zustand/vanilla'
import { JOB_KINDS } from '../../core/explorer/contract/tasks.ts'
import type { Job, JobRequest, Task } from '../../core/explorer/contract/types.ts'
import { BridgeError } from '../bridge/bridge.ts'
import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'

export interface Jobs {
  /** Oldest first. */
  list: readonly Job[]
  panelOpen: boolean
}

export const createJobs = () => createStore<Jobs>()(() => ({ list: [], panelOpen: false }))

export const isJob = (task: Task): task is Job => Object.hasOwn(JOB_KINDS, task.kind)

export const isRunning = ({ state }: Job): boolean => state === 'running'

export function jobChanged(app: App, job: Job): void {
  app.jobs.setState(({ list }) => {
    const at = list.findIndex(({ id }) => id === job.id)
    return { list: at < 0 ? [...list, job] : list.with(at, job) }
  })
}

export function jobDismissed(app: App, id: number): void {
  app.jobs.setState(({ list }) => ({ list: list.filter(job => job.id !== id) }))
}

export async function loadJobs(app: App): Promise<void> {
  try {
    const { result } = await app.bridge.request('listJobs', {})
    app.jobs.setState({ list: result.jobs })
  } catch (error) {
    reportFailure(app, error)
  }
}

/** Starts a job and shows it; returns null after reporting why it can't start. */
export async function startJob(app: App, request: JobRequest): Promise<Job | null> {
  try {
    const { result } = await app.bridge.request('startTask', request)
    app.jobs.setState({ panelOpen: true })
    return isJob(result.task) ? result.task : null
  } catch (error) {
    reportFailure(app, error)
    return null
  }
}

export const cancelJob = (app: App, { id }: Pick<Job, 'id'>): Promise<void> =>
  end(app, app.bridge.request('cancelTask', { task: id }))

export const dismissJob = (app: App, { id }: Pick<Job, 'id'>): Promise<void> =>
  end(app, app.bridge.request('dismissJob', { job: id }))

/** A job that is gone already, perhaps from another window, is what was asked for. */
async function end(app: App, ending: Promise<unknown>): Promise<void> {
  try {
    await ending
  } catch (error) {
    if (!(error instanceof BridgeError && error.code === 'NOT_FOUND')) reportFailure(app, error)
  }
}
