import { CircleAlert, Info, X } from 'lucide-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../model/hooks.ts'
import { dismiss, type Notice } from '../model/notices.ts'
import { Button, IconButton } from '../ui/button.tsx'
import styles from './notice-list.module.css'

/** Time to read a notice without an action. */
const GONE_AFTER_MS = 5000

/** With more notices than this, one button dismisses all. */
const MANY = 2

/** Notices in a corner of the window, which screen readers read out as they appear. */
export function NoticeList() {
  const app = useApp()
  const { list } = useStore(app.notices)
  return (
    <div className={styles['list']} role="log" aria-live="polite" aria-relevant="additions" aria-label="Notices">
      {list.map(notice => (
        <NoticeItem key={notice.id} notice={notice} />
      ))}
      {list.length > MANY && (
        <Button className={styles['all']} onClick={() => app.notices.setState({ list: [] })}>
          Dismiss all {list.length}
        </Button>
      )}
    </div>
  )
}

function NoticeItem({ notice: { id, kind, message, action } }: { notice: Notice }) {
  const app = useApp()
  const goes = kind === 'info' && action === null
  useEffect(() => {
    if (!goes) return undefined
    const timer = setTimeout(() => dismiss(app, id), GONE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [app, goes, id])
  const Icon = kind === 'error' ? CircleAlert : Info
  return (
    <div className={`${styles['notice']} ${kind === 'error' ? styles['error'] : ''}`}>
      <Icon className={styles['icon']} size={15} aria-hidden />
      <span className={styles['text']}>{message}</span>
      {action && (
        <button
          type="button"
          className={styles['action']}
          onClick={() => {
            action.run()
            dismiss(app, id)
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton label="Dismiss" small className={styles['close']} onClick={() => dismiss(app, id)}>
        <X size={13} />
      </IconButton>
    </div>
  )
}
