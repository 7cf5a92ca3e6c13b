import type { Job } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { isRunning, startJob } from './jobs.ts'
import type { NoticeAction } from './notices.ts'
import { openPaths, showInFolder } from './opening.ts'

/** What can be done with a job that has ended, the likeliest first. */
export function resultActions(app: App, job: Job): NoticeAction[] {
  if (isRunning(job)) return []
  if (job.state !== 'done') return [{ label: 'Try again', run: () => void startJob(app, job) }]
  const path = job.result?.path
  if (path === undefined) return []
  const open = { label: job.kind === 'verify' ? 'Show' : 'Open', run: () => void openPaths(app, [path]) }
  const show = { label: 'Show in folder', run: () => showInFolder(app, path) }
  if (job.kind === 'verify' || app.session.getState().environment?.canShowInFolder !== true) return [open]
  return job.kind === 'backup' ? [show, open] : [open, show]
}
