import type { StoreInfo } from '../../../core/explorer/contract/types.ts'
import { useApp, useSession } from '../../model/hooks.ts'
import { openPaths } from '../../model/opening.ts'
import { activeStore } from '../../model/session.ts'
import { baseName, formatBytes, formatTime, isoTime, formatPercent, formatAge } from '../../ui/format.ts'
import styles from './last-backup.module.css'
import { useLastBackup } from './use-last-backup.ts'

export function LastBackup() {
  const info = useSession(session => activeStore(session)?.info)
  return info?.package === null && <BackupOf store={info} />
}

function BackupOf({ store }: { store: StoreInfo }) {
  const app = useApp()
  const found = useLastBackup(store)
  if (found === null) return null
  const { backup, now } = found
  const { path, packageSize, originalSize, verified, file, outdated } = backup
  const size = `${formatBytes(packageSize)} (${formatPercent(packageSize, originalSize)})`
  return (
    <section className={styles['backup']} aria-label="Last backup">
      <h2>Backup</h2>
      <div className={styles['file']}>
        <button type="button" title={path} disabled={file === 'missing'} onClick={() => void openPaths(app, [path])}>
          {baseName(path)}
        </button>
        <span>· {size}</span>
      </div>
      {file === 'missing' && <p className={styles['warning']}>The backup file is missing</p>}
      {file === 'changed' && <p className={styles['warning']}>The backup file has changed since it was verified</p>}
      {file === 'whole' && (
        <p>
          <span className={styles['ok']}>Verified</span>{' '}
          <time dateTime={isoTime(verified)} title={formatTime(verified)}>
            {formatAge(verified, now)}
          </time>
        </p>
      )}
      {outdated && <p className={styles['warning']}>The store has changed since this backup</p>}
    </section>
  )
}
