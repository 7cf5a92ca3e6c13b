import {
  Archive,
  Command,
  FolderOpen,
  House,
  Monitor,
  Moon,
  PackageOpen,
  PanelLeft,
  PanelRight,
  Sun,
} from 'lucide-react'
import type { Settings } from '../../core/explorer/contract/types.ts'
import { useApp, useSession, useSettings } from '../model/hooks.ts'
import { useShowsPanel } from '../model/panels.ts'
import { activeStore, showsPackage } from '../model/session.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { abbreviateHome, parentPath } from '../ui/format.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { runCommand } from '../model/commands.ts'
import styles from './header.module.css'
import { StoreTabs } from './store-tabs.tsx'
import { useKeysOf } from '../model/use-commands.ts'

const THEME_ICONS: Record<Settings['theme'], typeof Sun> = { system: Monitor, light: Sun, dark: Moon }

export function Header() {
  const app = useApp()
  const keysOf = useKeysOf()
  const path = useSession(({ activePath }) => activePath)
  const home = useSession(({ environment }) => environment?.homeFolder ?? '')
  const hasStore = useSession(session => activeStore(session) !== undefined)
  const isPackage = useSession(session => (activeStore(session)?.info.package ?? null) !== null)
  const showsItself = useSession(session => showsPackage(activeStore(session)))
  const theme = useSettings(settings => settings.theme)
  const showsArrays = useShowsPanel('arrays')
  const showsDetails = useShowsPanel('details')
  const ThemeIcon = THEME_ICONS[theme]
  const iconProps = (id: string, label: string) => {
    return { label, shortcut: keysOf(id), onClick: () => runCommand(app, id) }
  }
  return (
    <header className={styles['header']}>
      <IconButton {...iconProps('showWelcome', app.commands.get('showWelcome').title)} aria-pressed={path === null}>
        <House size={15} />
      </IconButton>
      <StoreTabs />
      {path !== null && (
        <span className={styles['path']} title={path}>
          {abbreviateHome(parentPath(path), home)}
        </span>
      )}
      <span className={styles['spacer']} />
      {hasStore && (
        <>
          <IconButton {...iconProps('toggleArrays', 'Arrays panel')} aria-pressed={showsArrays}>
            <PanelLeft size={15} />
          </IconButton>
          <IconButton {...iconProps('toggleDetails', 'Details panel')} aria-pressed={showsDetails}>
            <PanelRight size={15} />
          </IconButton>
        </>
      )}
      <IconButton {...iconProps('switchTheme', `Colours: ${theme}`)}>
        <ThemeIcon size={15} />
      </IconButton>
      <button type="button" className={styles['commands']} onClick={() => runCommand(app, 'commandPalette')}>
        <Command className={styles['narrow']} size={15} aria-hidden />
        <span className={styles['wide']}>
          <Kbd>{keysOf('commandPalette')}</Kbd>
        </span>
        <span className={styles['label']}>Commands</span>
      </button>
      <Button onClick={() => runCommand(app, 'openFolder')}>
        <FolderOpen className={styles['narrow']} size={14} aria-hidden />
        <span className={styles['label']}>Open…</span>
      </Button>
      {isPackage && !showsItself && (
        <Tooltip label="Unpack the package into a store" shortcut={keysOf('unpack')}>
          <Button primary onClick={() => runCommand(app, 'unpack')}>
            <PackageOpen size={14} aria-hidden />
            <span className={styles['label']}>Unpack…</span>
          </Button>
        </Tooltip>
      )}
      {hasStore && !isPackage && (
        <Tooltip label="Back up the store into one verified package" shortcut={keysOf('backUp')}>
          <Button primary onClick={() => runCommand(app, 'backUp')}>
            <Archive size={14} aria-hidden />
            <span className={styles['label']}>Back up</span>
          </Button>
        </Tooltip>
      )}
    </header>
  )
}
