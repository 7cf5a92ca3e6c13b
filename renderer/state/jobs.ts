import { createStore } from 'zustand/vanilla'
import type { Job, JobRequest } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { reportFailure } from './failures.ts'

/** The host's long work, as this window was told of it. */
export interface Jobs {
  /** Oldest first. */
  list: readonly Job[]
  /** Whether their panel is shown. */
  panelOpen: boolean
}

export const createJobs = () => createStore<Jobs>()(() => ({ list: [], panelOpen: false }))

export const isRunning = ({ state }: Job): boolean => state === 'running'

/** Takes over what the host says of a job. */
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

/** Starts a job and shows it; null after telling the user why it can't be. */
export async function startJob(app: App, request: JobRequest): Promise<Job | null> {
  try {
    const { result } = await app.bridge.request('startJob', request)
    app.jobs.setState({ panelOpen: true })
    return result.job
  } catch (error) {
    reportFailure(app, error)
    return null
  }
}

export function cancelJob(app: App, { id }: Pick<Job, 'id'>): void {
  app.bridge.request('cancelJob', { job: id }).catch((error: unknown) => reportFailure(app, error))
}

export function dismissJob(app: App, { id }: Pick<Job, 'id'>): void {
  app.bridge.request('dismissJob', { job: id }).catch((error: unknown) => reportFailure(app, error))
}
