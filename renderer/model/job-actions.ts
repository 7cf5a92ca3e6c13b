import type { Job } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { isRunning, startJob } from './jobs.ts'
import type { NoticeAction } from './notices.ts'
import { openPaths, showInFolder } from './opening.ts'

/** Errors of the place that a job writes to, for which another place is the likelier way out. */
const OF_TARGET = new Set(['NO_SPACE', 'EXISTS'])

function retries(app: App, job: Job): NoticeAction[] {
  const again = { label: 'Try again', run: () => void startJob(app, job) }
  if (job.kind === 'verify') return [again]
  const { source, target } = job.params
  const elsewhere = {
    label: 'Choose another place…',
    run: () => app.dialogs.setState({ open: { kind: 'target', job: job.kind, source, target, taken: null } }),
  }
  const isOfTarget = job.error !== null && (OF_TARGET.has(job.error.code) || 'action' in job.error.details)
  return isOfTarget ? [elsewhere, again] : [again, elsewhere]
}

export function resultActions(app: App, job: Job): NoticeAction[] {
  if (isRunning(job)) return []
  if (job.state !== 'done') return retries(app, job)
  const path = job.result?.path
  if (path === undefined) return []
  const open = { label: job.kind === 'verify' ? 'Show' : 'Open', run: () => void openPaths(app, [path]) }
  const show = { label: 'Show in folder', run: () => showInFolder(app, path) }
  if (job.kind === 'verify' || app.session.getState().environment?.canShowInFolder !== true) return [open]
  return job.kind === 'backup' ? [show, open] : [open, show]
}
