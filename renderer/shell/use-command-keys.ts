import { useEffect } from 'react'
import type { App } from '../model/app.ts'
import { type Command, isEnabled } from '../model/commands.ts'
import { useApp } from '../model/hooks.ts'
import { useIsMac } from '../model/use-commands.ts'
import { matchesKeys, worksInText } from '../ui/keys.ts'

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement

/** Returns the command of a key press. Under a dialog only the command that opened it works, and closes it. */
function commandOf(app: App, event: KeyboardEvent, mac: boolean): Command | undefined {
  const dialog = app.dialogs.getState().open
  return app.commands.list.find(command => {
    const { id, key, isGridKey } = command
    if (isGridKey || !matchesKeys(event, key, mac)) return false
    if (isTextField(event.target) && !worksInText(key)) return false
    if (dialog !== null && !(dialog.kind === 'palette' && id === 'commandPalette')) return false
    return isEnabled(app, command)
  })
}

/** Ctrl+A outside text fields and the grid would select all text of the window. */
const selectsEverything = (event: KeyboardEvent, mac: boolean): boolean =>
  matchesKeys(event, 'Mod+A', mac) && !isTextField(event.target)

export function useCommandKeys(): void {
  const app = useApp()
  const mac = useIsMac()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return
      const command = commandOf(app, event, mac)
      if (command !== undefined || selectsEverything(event, mac)) event.preventDefault()
      command?.run(app)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [app, mac])
}
