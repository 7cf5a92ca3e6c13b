import { useApp, useSession } from '../model/hooks.ts'
import { activate } from '../model/opening.ts'
import { tabId } from './ids.ts'
import styles from './header.module.css'
import { StoreTab } from './store-tab.tsx'

export function StoreTabs() {
  const app = useApp()
  const stores = useSession(session => session.stores)
  const activePath = useSession(session => session.activePath)
  if (stores.length === 0) return null
  const focusable = activePath ?? stores[0]!.info.path

  const move = (to: number): void => {
    const at = (to + stores.length) % stores.length
    const { path } = stores[at]!.info
    activate(app, path)
    document.getElementById(tabId(path))?.focus()
  }
  return (
    <div className={styles['tabs']} data-many={stores.length > 1}>
      {/* A tab list may contain only tabs, but each tab has a close button beside it. */}
      <div role="tablist" aria-label="Open stores" aria-owns={stores.map(({ info }) => tabId(info.path)).join(' ')} />
      {stores.map(({ info: { path, name } }, at) => (
        <StoreTab
          key={path}
          path={path}
          name={name}
          selected={path === activePath}
          focusable={path === focusable}
          onMove={step => move(at + step)}
        />
      ))}
    </div>
  )
}
