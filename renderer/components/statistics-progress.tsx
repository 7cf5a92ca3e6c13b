import { formatBytes, formatDuration, formatPercent } from '../ui/format.ts'
import { ProgressBar } from '../ui/progress-bar.tsx'
import styles from './statistics-progress.module.css'
import type { ShownRun } from '../model/statistics/use-run.ts'

interface StatisticsProgressProps {
  statistics: ShownRun<unknown>
  onCancel: () => void
  onRestart: () => void
}

export function StatisticsProgress({ statistics, onCancel, onRestart }: StatisticsProgressProps) {
  const { state, progress, failure } = statistics
  const { bytesDone, bytesTotal, rate, secondsLeft } = progress
  if (state === 'done' || (state === 'running' && bytesTotal === 0)) return null
  return (
    <div className={styles['progress']} role="status">
      {state === 'running' && <ProgressBar label="Statistics" done={bytesDone} total={bytesTotal} />}
      <span className={styles['now']}>
        {state === 'failed'
          ? failure
          : [
              formatPercent(bytesDone, bytesTotal),
              ...(state === 'running' && rate > 0 ? [`${formatBytes(rate)}/s`] : []),
              ...(state === 'running' && secondsLeft !== null ? [`${formatDuration(1000 * secondsLeft)} left`] : []),
              ...(state === 'cancelled' ? ['cancelled'] : []),
            ].join(' · ')}
      </span>
      <button type="button" className={styles['action']} onClick={state === 'running' ? onCancel : onRestart}>
        {state === 'running' ? 'Cancel' : 'Start again'}
      </button>
    </div>
  )
}
