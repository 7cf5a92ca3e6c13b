import { useApp, useSession } from '../state/hooks.ts'
import { activate } from '../state/opening.ts'
import styles from './header.module.css'
import { StoreTab } from './store-tab.tsx'

/** The open stores. Arrow keys move between the tabs, Delete closes one. */
export function StoreTabs() {
  const app = useApp()
  const stores = useSession(session => session.stores)
  const activePath = useSession(session => session.activePath)
  if (stores.length === 0) return null
  const focusable = activePath ?? stores[0]!.info.path

  const move = (tabs: Element, to: number): void => {
    const at = (to + stores.length) % stores.length
    activate(app, stores[at]!.info.path)
    tabs.querySelectorAll<HTMLElement>('[role=tab]')[at]?.focus()
  }
  return (
    <div className={styles['tabs']} role="tablist" aria-label="Open stores" data-many={stores.length > 1}>
      {stores.map(({ info: { path, name } }, at) => (
        <StoreTab
          key={path}
          path={path}
          name={name}
          selected={path === activePath}
          focusable={path === focusable}
          onMove={(tabs, step) => move(tabs, at + step)}
        />
      ))}
    </div>
  )
}
