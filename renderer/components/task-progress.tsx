import { formatProgress } from '../model/task-text.ts'
import type { TaskState } from '../model/use-task.ts'
import { ProgressBar } from '../ui/progress-bar.tsx'
import styles from './task-progress.module.css'

interface TaskProgressProps {
  label: string
  task: Omit<TaskState<unknown>, 'result'>
  onCancel: () => void
  onRestart: () => void
}

export function TaskProgress({ label, task: { state, progress, failure }, onCancel, onRestart }: TaskProgressProps) {
  const { bytesDone, bytesTotal } = progress
  if (state === 'done' || (state === 'running' && bytesTotal === 0)) return null
  return (
    <div
      className={state === 'running' ? `${styles['progress']} ${styles['running']}` : styles['progress']}
      role="status"
    >
      {state === 'running' && <ProgressBar label={label} done={bytesDone} total={bytesTotal} />}
      <span className={styles['now']}>{state === 'failed' ? failure : formatProgress(progress, state)}</span>
      <button type="button" className={styles['action']} onClick={state === 'running' ? onCancel : onRestart}>
        {state === 'running' ? 'Cancel' : 'Start again'}
      </button>
    </div>
  )
}
