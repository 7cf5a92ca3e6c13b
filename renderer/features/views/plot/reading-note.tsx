import type { ReactNode } from 'react'
import { formatPercent, formatTimeLeft } from '../../../ui/format.ts'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import pictureStyles from '../../../components/picture.module.css'
import styles from './plot.module.css'

/** Show progress only after this long, milliseconds: a bar that comes and goes quickly would only flicker. */
const SLOW_MS = 400

interface ReadingNoteProps {
  done: number
  total: number
  elapsed: number
  state: 'reading' | 'done' | 'cancelled' | 'failed'
  onCancel: () => void
  /** What the picture shows; appears once the reading has ended. */
  children: ReactNode
}

/** One line below a picture: the progress of its reading, or what it shows. */
export function ReadingNote({ done, total, elapsed, state, onCancel, children }: ReadingNoteProps) {
  const left = done > 0 ? (elapsed * (total - done)) / done : null
  if (state === 'reading' && elapsed > SLOW_MS) {
    return (
      <div className={pictureStyles['note']} role="status">
        <span className={styles['progress']}>
          <ProgressBar label="Reading" done={done} total={total} />
        </span>
        <span>
          Reading {formatPercent(done, total)}
          {left !== null && ` · ${formatTimeLeft(left / 1000)} left`}
        </span>
        <button type="button" className={styles['cancel']} onClick={onCancel}>
          Cancel
        </button>
      </div>
    )
  }
  return (
    <div className={pictureStyles['note']} role="status">
      {state === 'cancelled' && <span>Partial: {formatPercent(done, total)} was read. </span>}
      {state !== 'reading' && children}
    </div>
  )
}
