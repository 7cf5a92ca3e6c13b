import { TargetDialog } from '../features/packages/target-dialog.tsx'
import { SettingsDialog } from '../features/settings/settings-dialog.tsx'
import { useApp, useDialogs } from '../model/hooks.ts'
import { FolderBrowser } from '../features/welcome/folder-browser.tsx'
import { About } from './about.tsx'
import { Help } from './help.tsx'
import { ThirdPartyNotices } from './notices.tsx'
import { Palette } from './palette.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { Warnings } from './warnings.tsx'

export function Dialogs() {
  const app = useApp()
  const open = useDialogs(dialogs => dialogs.open)
  const close = (): void => app.dialogs.setState({ open: null })
  switch (open?.kind) {
    case 'palette':
      return <Palette onClose={close} />
    case 'settings':
      return <SettingsDialog onClose={close} />
    case 'shortcuts':
      return <Shortcuts onClose={close} />
    case 'notices':
      return <ThirdPartyNotices onClose={close} />
    case 'about':
      return <About onClose={close} />
    case 'help':
      return <Help onClose={close} />
    case 'warnings':
      return <Warnings onClose={close} />
    case 'target':
      return <TargetDialog {...open} onClose={close} />
    case 'folders':
      return <FolderBrowser filter={open.filter} reason={open.reason} onClose={close} />
    default:
      return null
  }
}
