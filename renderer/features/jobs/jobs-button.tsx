import { Popover } from 'radix-ui'
import { useKeysOf } from '../../model/use-commands.ts'
import { useApp, useJobs } from '../../model/hooks.ts'
import { isRunning } from '../../model/jobs.ts'
import { pluralize } from '../../ui/format.ts'
import { jobTitle } from '../../model/job-text.ts'
import styles from './jobs.module.css'
import { JobsPanel } from './jobs-panel.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'

export function JobsButton() {
  const app = useApp()
  const keysOf = useKeysOf()
  const list = useJobs(jobs => jobs.list)
  const open = useJobs(jobs => jobs.panelOpen)
  const running = list.filter(isRunning)
  const [first] = running
  const done = running.reduce((sum, { progress }) => sum + progress.bytesDone, 0)
  const total = running.reduce((sum, { progress }) => sum + progress.bytesTotal, 0)
  const text = running.length > 1 ? `${pluralize(running.length, 'job')} running` : first && jobTitle(first)
  return (
    <Popover.Root open={open} onOpenChange={panelOpen => app.jobs.setState({ panelOpen })}>
      <Popover.Trigger
        className={styles['button']}
        title={`${app.commands.get('showJobs').title} (${keysOf('showJobs')})`}
      >
        {first && text !== undefined ? (
          <>
            <span className={styles['buttonText']}>{text}</span>
            <span className={styles['buttonBar']}>
              <ProgressBar label={text} done={done} total={total} />
            </span>
          </>
        ) : list.length > 0 ? (
          pluralize(list.length, 'job')
        ) : (
          'Jobs'
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles['panel']}
          side="top"
          align="end"
          sideOffset={4}
          collisionPadding={12}
          aria-label="Jobs"
          // Jobs start while the user does something else: the focus stays where it is unless the panel is asked for.
          onOpenAutoFocus={event => event.preventDefault()}
          onCloseAutoFocus={event => event.preventDefault()}
        >
          <JobsPanel shortcut={keysOf('showJobs')} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
