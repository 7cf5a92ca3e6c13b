import { FolderOpen } from 'lucide-react'
import { useStore } from 'zustand'
import { runCommand } from '../../model/commands.ts'
import { useKeysOf } from '../../model/use-commands.ts'
import { useApp } from '../../model/hooks.ts'
import { listedRecents } from '../../model/recents.ts'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { RecentList } from './recent-list.tsx'
import styles from './welcome.module.css'

export function Welcome() {
  const app = useApp()
  const keysOf = useKeysOf()
  const state = useStore(app.recents)
  const recents = listedRecents(state)
  return (
    <main className={styles['welcome']} aria-label="Welcome">
      <div className={styles['page']}>
        <h1 className={styles['title']}>NumPack Explorer</h1>
        <p className={styles['lead']}>
          Open a NumPack store (a .npk folder) or a package (a .npkg file) and see its rows, however many there are.
        </p>
        <div className={styles['actions']}>
          <Button primary onClick={() => runCommand(app, 'openFolder')}>
            <FolderOpen size={14} aria-hidden /> Open folder…
          </Button>
          <Kbd>{keysOf('openFolder')}</Kbd>
          <Button onClick={() => runCommand(app, 'openSample')}>Open the sample store</Button>
          <span className={styles['drop']}>or drop a folder or a package anywhere on this window</span>
        </div>
        <h2 className={styles['section']}>Recent stores</h2>
        {recents.length > 0 && <RecentList recents={recents} now={state.loadedAt} />}
        {recents.length === 0 && state.list !== null && (
          <p className={styles['none']}>
            Stores that you open are listed here, and open again at the row where you left them.
          </p>
        )}
      </div>
    </main>
  )
}
