import { createStore } from 'zustand/vanilla'
import type { Job } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { reportFailure } from './failures.ts'

/** The host's long work, as this window was told of it. */
export interface Jobs {
  /** Oldest first. */
  list: readonly Job[]
}

export const createJobs = () => createStore<Jobs>()(() => ({ list: [] }))

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
