import { X } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { useApp, useSession } from '../state/hooks.ts'
import { activate, closeStore } from '../state/opening.ts'
import { IconButton } from '../ui/button.tsx'
import styles from './header.module.css'
import { STORE_PANEL_ID } from './ids.ts'
import { useKeysOf } from './use-keys.ts'

const STEPS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 }

/** The open stores. Arrow keys move between the tabs, Delete closes one. */
export function StoreTabs() {
  const app = useApp()
  const keysOf = useKeysOf()
  const stores = useSession(session => session.stores)
  const activePath = useSession(session => session.activePath)
  if (stores.length === 0) return null
  const focusable = activePath ?? stores[0]!.info.path

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, path: string, at: number): void => {
    const step = STEPS[event.key]
    if (event.key === 'Delete') closeStore(app, path)
    if (step === undefined) return
    event.preventDefault()
    const next = (at + step + stores.length) % stores.length
    activate(app, stores[next]!.info.path)
    const tabs = event.currentTarget.closest('[role=tablist]')?.querySelectorAll<HTMLElement>('[role=tab]')
    tabs?.[next]?.focus()
  }

  return (
    <div className={styles['tabs']} role="tablist" aria-label="Open stores" data-many={stores.length > 1}>
      {stores.map(({ info: { path, name } }, at) => (
        <div key={path} className={styles['tab']} role="presentation">
          <button
            type="button"
            role="tab"
            aria-selected={path === activePath}
            aria-controls={STORE_PANEL_ID}
            tabIndex={path === focusable ? 0 : -1}
            title={path}
            onClick={() => activate(app, path)}
            onKeyDown={event => onKeyDown(event, path, at)}
          >
            {name}
          </button>
          <IconButton
            label={`Close ${name}`}
            keys={path === activePath ? keysOf('closeStore') : undefined}
            small
            className={styles['close']}
            tabIndex={-1}
            onClick={() => closeStore(app, path)}
          >
            <X size={13} />
          </IconButton>
        </div>
      ))}
    </div>
  )
}
