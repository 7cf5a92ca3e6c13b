import { useApp, useJobs } from '../../model/hooks.ts'
import { dismissJob, isRunning } from '../../model/jobs.ts'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { JobItem } from './job-item.tsx'
import styles from './jobs.module.css'

export function JobsPanel({ shortcut }: { shortcut: string }) {
  const app = useApp()
  const list = useJobs(jobs => jobs.list)
  const ended = list.filter(job => !isRunning(job))
  return (
    <>
      <div className={styles['head']}>
        <h2>Jobs</h2>
        <Kbd>{shortcut}</Kbd>
        {ended.length > 1 && (
          <Button onClick={() => ended.forEach(job => void dismissJob(app, job))}>Dismiss all</Button>
        )}
      </div>
      {list.length === 0 ? (
        <p className={styles['none']}>Nothing is running. Backups, unpacking and other long work show here.</p>
      ) : (
        <ul className={styles['list']}>
          {list.toReversed().map(job => (
            <JobItem key={job.id} job={job} />
          ))}
        </ul>
      )}
    </>
  )
}
