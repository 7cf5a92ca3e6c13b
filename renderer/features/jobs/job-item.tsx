import { CircleAlert, CircleCheck, CircleSlash, LoaderCircle, X } from 'lucide-react'
import type { Job } from '../../../core/explorer/contract/types.ts'
import { useApp } from '../../model/hooks.ts'
import { cancelJob, dismissJob, isRunning } from '../../model/jobs.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { resultActions } from '../../model/job-actions.ts'
import { jobEndText, hasSucceeded, jobTitle, jobProgressText } from '../../model/job-text.ts'
import styles from './jobs.module.css'
import { ProgressBar } from '../../ui/progress-bar.tsx'

export function JobItem({ job }: { job: Job }) {
  const app = useApp()
  const running = isRunning(job)
  const title = jobTitle(job)
  return (
    <li className={styles['job']} aria-label={title}>
      <StateIcon job={job} />
      <span className={styles['title']} title={job.params.source}>
        {title}
      </span>
      {running ? (
        <Button className={styles['cancel']} aria-label={`Cancel: ${title}`} onClick={() => void cancelJob(app, job)}>
          Cancel
        </Button>
      ) : (
        <IconButton label={`Dismiss: ${title}`} small onClick={() => void dismissJob(app, job)}>
          <X size={13} />
        </IconButton>
      )}
      {running ? (
        <div className={styles['detail']}>
          <ProgressBar label={title} done={job.progress.bytesDone} total={job.progress.bytesTotal} />
          <span>{jobProgressText(job)}</span>
        </div>
      ) : (
        <div className={styles['detail']}>
          <span className={styles['end']}>{jobEndText(job)}</span>
          <span className={styles['actions']}>
            {resultActions(app, job).map(action => (
              <Button key={action.label} onClick={() => action.run()}>
                {action.label}
              </Button>
            ))}
          </span>
        </div>
      )}
    </li>
  )
}

function StateIcon({ job }: { job: Job }) {
  if (isRunning(job)) return <LoaderCircle className={styles['running']} size={15} aria-label="Running" />
  if (hasSucceeded(job)) return <CircleCheck className={styles['good']} size={15} aria-label="Done" />
  if (job.state === 'cancelled') return <CircleSlash className={styles['cancelled']} size={15} aria-label="Cancelled" />
  return <CircleAlert className={styles['bad']} size={15} aria-label={job.state === 'done' ? 'Damaged' : 'Failed'} />
}
