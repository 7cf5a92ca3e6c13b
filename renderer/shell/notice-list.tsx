import { CircleAlert, Info, X } from 'lucide-react'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import { useApp } from '../model/hooks.ts'
import { dismiss, type Notice } from '../model/notices.ts'
import { useKeysOf } from '../model/use-commands.ts'
import { Button, IconButton } from '../ui/button.tsx'
import styles from './notice-list.module.css'

const EXPIRES_AFTER_MS = 5000

/** The newest notice, in a line above the status line; earlier ones wait. Screen readers read each out. */
export function NoticeList() {
  const app = useApp()
  const { list } = useStore(app.notices)
  const newest = list.at(-1)
  return (
    <div className={styles['list']} role="log" aria-live="polite" aria-relevant="additions" aria-label="Notices">
      {list.map(notice => (
        <Timer key={notice.id} notice={notice} />
      ))}
      {newest && <NoticeLine key={newest.id} notice={newest} count={list.length} />}
    </div>
  )
}

/** Removes information without an action after a while, even while a newer notice covers it. */
function Timer({ notice: { id, kind, action } }: { notice: Notice }) {
  const app = useApp()
  const expires = kind === 'info' && action === null
  useEffect(() => {
    if (!expires) return undefined
    const timer = setTimeout(() => dismiss(app, id), EXPIRES_AFTER_MS)
    return () => clearTimeout(timer)
  }, [app, expires, id])
  return null
}

function NoticeLine({ notice: { id, kind, message, action }, count }: { notice: Notice; count: number }) {
  const app = useApp()
  const keysOf = useKeysOf()
  const Icon = kind === 'error' ? CircleAlert : Info
  return (
    <div className={`${styles['notice']} ${kind === 'error' ? styles['error'] : ''}`}>
      <Icon className={styles['icon']} size={15} aria-hidden />
      <span className={styles['text']}>{message}</span>
      {action && (
        <Button
          onClick={() => {
            action.run()
            dismiss(app, id)
          }}
        >
          {action.label}
        </Button>
      )}
      {count > 1 && <Button onClick={() => app.notices.setState({ list: [] })}>Dismiss all {count}</Button>}
      <IconButton label="Dismiss" shortcut={keysOf('dismissNotice')} small onClick={() => dismiss(app, id)}>
        <X size={13} />
      </IconButton>
    </div>
  )
}
