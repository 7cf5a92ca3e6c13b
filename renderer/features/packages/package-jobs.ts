import type { Job, JobKind, Result } from '../../../core/explorer/contract/types.ts'
import type { App } from '../../model/app.ts'
import { reportFailure } from '../../model/error-message.ts'
import { isRunning, startJob } from '../../model/jobs.ts'
import { setSetting } from '../../model/settings.ts'
import { parentPath } from '../../ui/format.ts'

function runningJob(app: App, kind: JobKind, source: string): Job | undefined {
  return app.jobs.getState().list.find(job => isRunning(job) && job.kind === kind && job.params.source === source)
}

async function suggested(app: App, kind: 'backup' | 'unpack', source: string): Promise<Result<'suggestTarget'> | null> {
  const folder = kind === 'backup' ? app.settings.getState().values.backupFolder : null
  try {
    return (await app.bridge.request('suggestTarget', { kind, source, folder })).result
  } catch (error) {
    reportFailure(app, error)
    return null
  }
}

const showJobs = (app: App): void => app.jobs.setState({ panelOpen: true })

export async function backUp(app: App, source: string): Promise<void> {
  if (runningJob(app, 'backup', source)) return showJobs(app)
  const found = await suggested(app, 'backup', source)
  if (found === null) return undefined
  const { target, taken, free } = found
  if (taken) app.dialogs.setState({ open: { kind: 'target', job: 'backup', source, target: free, taken: target } })
  else await startJob(app, { kind: 'backup', params: { source, target, overwrite: false } })
  return undefined
}

async function askTarget(app: App, job: 'backup' | 'unpack', source: string): Promise<void> {
  if (runningJob(app, job, source)) return showJobs(app)
  const found = await suggested(app, job, source)
  if (found === null) return undefined
  const { target, taken, free } = found
  app.dialogs.setState({ open: { kind: 'target', job, source, target: free, taken: taken ? target : null } })
  return undefined
}

export const backUpTo = (app: App, source: string): Promise<void> => askTarget(app, 'backup', source)

export const unpackTo = (app: App, source: string): Promise<void> => askTarget(app, 'unpack', source)

export async function verifyPackage(app: App, source: string): Promise<void> {
  if (runningJob(app, 'verify', source)) return showJobs(app)
  await startJob(app, { kind: 'verify', params: { source } })
  return undefined
}

export async function startWithTarget(
  app: App,
  kind: 'backup' | 'unpack',
  params: { source: string; target: string; overwrite: boolean },
): Promise<void> {
  if (kind === 'backup') {
    const folder = parentPath(params.target)
    setSetting(app, 'backupFolder', folder === parentPath(params.source) ? null : folder)
  }
  await startJob(app, { kind, params })
}
