import { JOB_KINDS } from '../../core/explorer/contract/tasks.ts'
import type { Job, JobKind, Task } from '../../core/explorer/contract/types.ts'
import { baseName } from '../../core/format/base-name.ts'
import { visibleText } from '../../core/format/visible-text.ts'

/** Values of `BrowserWindow.setProgressBar` beside the share that is done. */
const NO_BAR = -1
const INDETERMINATE = 2

/** Whoever waits for less than this sees it end. */
const LONG_MS = 5000

const DONE: Readonly<Record<JobKind, string>> = {
  backup: 'Backup is done',
  unpack: 'Unpacking is done',
  verify: 'Verification is done',
}
const FAILED: Readonly<Record<JobKind, string>> = {
  backup: 'Backup failed',
  unpack: 'Unpacking failed',
  verify: 'Verification failed',
}

export const isJob = (task: Task): task is Job => Object.hasOwn(JOB_KINDS, task.kind)

/** Progress of all running jobs together, for the taskbar and the dock. */
export class JobProgress {
  readonly #running = new Map<number, Job['progress']>()

  /** Returns the value for `setProgressBar` after a job has changed. */
  onChange({ id, state, progress }: Job): number {
    if (state === 'running') this.#running.set(id, progress)
    else this.#running.delete(id)
    const all = [...this.#running.values()]
    if (all.length === 0) return NO_BAR
    if (all.some(({ bytesTotal }) => bytesTotal === 0)) return INDETERMINATE
    const sum = (of: 'bytesDone' | 'bytesTotal'): number => all.reduce((total, job) => total + job[of], 0)
    return Math.min(1, sum('bytesDone') / sum('bytesTotal'))
  }
}

/** Returns what a notification says at the end of a long job; null for one that runs, was short or was cancelled. */
export function endNotice({
  kind,
  params,
  state,
  started,
  ended,
  result,
}: Job): { title: string; body: string } | null {
  if (ended === null || ended - started < LONG_MS || state === 'running' || state === 'cancelled') return null
  const isFaulty = result !== null && 'fault' in result && result.fault !== null
  const title = isFaulty ? 'The package is damaged' : (state === 'done' ? DONE : FAILED)[kind]
  return { title, body: visibleText(baseName(params.source)) }
}
