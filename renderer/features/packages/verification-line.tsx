import { CircleAlert, CircleCheck } from 'lucide-react'
import type { Job } from '../../../core/explorer/contract/types.ts'
import { jobEndText, hasSucceeded, jobProgressText } from '../../model/job-text.ts'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { isRunning } from '../../model/jobs.ts'
import styles from './package-view.module.css'

export type Verification = Extract<Job, { kind: 'verify' }>

/** Returns the newest verification of the package at `path` that was not cancelled. `jobs` are oldest first. */
export const findLastVerification = (jobs: readonly Job[], path: string): Verification | undefined =>
  jobs.findLast(
    (job): job is Verification => job.kind === 'verify' && job.params.source === path && job.state !== 'cancelled',
  )

export function VerificationLine({ job }: { job: Verification | undefined }) {
  if (!job) return null
  if (isRunning(job)) {
    return (
      <div className={styles['verification']} role="status">
        <span>Verifying: {jobProgressText(job)}</span>
        <ProgressBar label="Verifying" done={job.progress.bytesDone} total={job.progress.bytesTotal} />
      </div>
    )
  }
  const succeeded = hasSucceeded(job)
  const Icon = succeeded ? CircleCheck : CircleAlert
  return (
    <div className={styles['verification']} role="status" data-succeeded={succeeded}>
      <Icon size={15} aria-hidden />
      <span>{jobEndText(job)}</span>
    </div>
  )
}
