import { lazy, Suspense } from 'react'
import { useApp, useDialogs } from '../state/hooks.ts'

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }))
const Shortcuts = lazy(async () => ({ default: (await import('./shortcuts.tsx')).Shortcuts }))
const Warnings = lazy(async () => ({ default: (await import('./warnings.tsx')).Warnings }))
const TargetDialog = lazy(async () => ({ default: (await import('../packages/target-dialog.tsx')).TargetDialog }))
const FolderBrowser = lazy(async () => ({ default: (await import('../welcome/folder-browser.tsx')).FolderBrowser }))

/** The dialog that is open. */
export function DialogHost() {
  const app = useApp()
  const open = useDialogs(dialogs => dialogs.open)
  const close = (): void => app.dialogs.setState({ open: null })
  return (
    <Suspense>
      {open?.kind === 'palette' && <Palette onClose={close} />}
      {open?.kind === 'shortcuts' && <Shortcuts onClose={close} />}
      {open?.kind === 'warnings' && <Warnings onClose={close} />}
      {open?.kind === 'target' && <TargetDialog {...open} onClose={close} />}
      {open?.kind === 'folders' && <FolderBrowser filter={open.filter} reason={open.reason} onClose={close} />}
    </Suspense>
  )
}
