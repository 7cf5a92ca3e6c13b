import type { Job } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { isRunning } from './jobs.ts'
import { announce } from './notices.ts'
import { resultActions } from './job-actions.ts'
import { jobEndText, hasSucceeded } from './job-text.ts'

/** Tells how a job ended, unless its panel shows it anyway or the user has cancelled it. */
export function announceEnd(app: App, job: Job): void {
  if (isRunning(job) || job.state === 'cancelled' || app.jobs.getState().panelOpen) return
  const [action = null] = resultActions(app, job)
  announce(app, hasSucceeded(job) ? 'info' : 'error', jobEndText(job), { action, topic: `job ${job.id}` })
}
