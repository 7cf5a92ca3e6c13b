import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react'
import { useApp } from '../model/hooks.ts'
import { closeDrawer } from '../model/panels.ts'
import styles from './workbench.module.css'

interface DrawerProps {
  side: 'left' | 'right'
  children: ReactNode
}

export function Drawer({ side, children }: DrawerProps) {
  const app = useApp()
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    const field = panel.current?.querySelector<HTMLElement>('input, button')
    field?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement && document.activeElement === document.body)
        before.focus({ preventScroll: true })
    }
  }, [])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    event.preventDefault()
    closeDrawer(app)
  }
  return (
    <>
      <div className={styles['backdrop']} role="presentation" onPointerDown={() => closeDrawer(app)} />
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- Escape anywhere in the panel closes it */}
      <div ref={panel} className={`${styles['drawer']} ${styles[side]}`} onKeyDown={onKeyDown}>
        {children}
      </div>
    </>
  )
}
