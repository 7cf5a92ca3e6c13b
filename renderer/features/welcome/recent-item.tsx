import { Package, Pin, X } from 'lucide-react'
import type { Recent } from '../../../core/explorer/contract/types.ts'
import { useApp, useSession } from '../../model/hooks.ts'
import { openPaths } from '../../model/opening.ts'
import { pinRecent, removeRecent } from '../../model/recents.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import {
  formatBytes,
  formatInteger,
  pluralize,
  formatTime,
  isoTime,
  abbreviateHome,
  parentPath,
  formatAge,
} from '../../ui/format.ts'
import styles from './recent-item.module.css'

export function RecentItem({ recent, now }: { recent: Recent; now: number }) {
  const app = useApp()
  const home = useSession(({ environment }) => environment?.homeFolder ?? '')
  const { path, name, lastOpened, sizeBytes, arrayCount, pinned, missing, kind, place } = recent
  const missingText = kind === 'package' ? 'Missing: the package is gone' : 'Missing: the store is gone'
  const folder = abbreviateHome(parentPath(path), home)
  const left = place === null || missing ? '' : ` · left at ${place.array}, row ${formatInteger(place.row)}`
  return (
    <li className={`${styles['item']} ${missing ? styles['missing'] : ''}`}>
      <button
        type="button"
        className={styles['open']}
        title={path}
        data-recent
        onClick={() => void openPaths(app, [path])}
      >
        <span className={styles['name']}>
          {kind === 'package' && <Package className={styles['icon']} size={13} aria-label="Package" />}
          {name}
        </span>
        <span className={styles['meta']}>
          {missing ? missingText : `${pluralize(arrayCount, 'array')} · ${formatBytes(sizeBytes)}`}
        </span>
        <span className={styles['path']}>
          {folder}
          {left}
        </span>
        <time className={styles['meta']} dateTime={isoTime(lastOpened)} title={formatTime(lastOpened)}>
          {formatAge(lastOpened, now)}
        </time>
      </button>
      <span className={styles['actions']}>
        {missing ? (
          <Button aria-label={`Remove ${name} from this list`} onClick={() => removeRecent(app, recent)}>
            Remove
          </Button>
        ) : (
          <IconButton
            label={`Remove ${name} from this list`}
            className={styles['quiet']}
            onClick={() => removeRecent(app, recent)}
          >
            <X size={14} />
          </IconButton>
        )}
        <IconButton
          label={pinned ? `Unpin ${name}` : `Pin ${name} to the top`}
          className={pinned ? '' : styles['quiet']}
          aria-pressed={pinned}
          onClick={() => void pinRecent(app, path, !pinned)}
        >
          <Pin size={14} fill={pinned ? 'currentColor' : 'none'} color={pinned ? 'var(--accent)' : 'currentColor'} />
        </IconButton>
      </span>
    </li>
  )
}
