import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { useApp } from '../model/hooks.ts'
import { activate, closeStore } from '../model/opening.ts'
import { IconButton } from '../ui/button.tsx'
import styles from './header.module.css'
import { STORE_PANEL_ID, tabId } from './ids.ts'
import { useKeysOf } from '../model/use-commands.ts'

const STEPS: Readonly<Record<string, 1 | -1>> = { ArrowLeft: -1, ArrowRight: 1 }

interface StoreTabProps {
  path: string
  name: string
  selected: boolean
  focusable: boolean
  onMove: (step: 1 | -1) => void
}

export function StoreTab({ path, name, selected, focusable, onMove }: StoreTabProps) {
  const app = useApp()
  const keysOf = useKeysOf()
  const tab = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (selected) tab.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [selected])

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const step = STEPS[event.key]
    if (event.key === 'Delete') closeStore(app, path)
    if (step === undefined) return
    event.preventDefault()
    onMove(step)
  }
  return (
    <div ref={tab} className={styles['tab']}>
      <button
        type="button"
        id={tabId(path)}
        role="tab"
        aria-selected={selected}
        aria-controls={STORE_PANEL_ID}
        tabIndex={focusable ? 0 : -1}
        title={path}
        onClick={() => activate(app, path)}
        onKeyDown={onKeyDown}
      >
        {name}
      </button>
      <IconButton
        label={`Close ${name}`}
        shortcut={selected ? keysOf('closeStore') : undefined}
        small
        className={styles['close']}
        tabIndex={-1}
        onClick={() => closeStore(app, path)}
      >
        <X size={13} />
      </IconButton>
    </div>
  )
}
