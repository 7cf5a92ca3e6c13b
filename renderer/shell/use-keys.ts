import { useEffect } from 'react'
import type { App } from '../model/app.ts'
import { useApp, useSession } from '../model/hooks.ts'
import { COMMAND_NAMES, COMMANDS, type CommandName, isEnabled, runCommand } from './commands.ts'
import { keysText, matchesKeys, workInText } from '../ui/keys.ts'

const isTextField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement

/** The command that a key press means now. Under a dialog only the one that opened it works, to close it again. */
function commandOf(app: App, event: KeyboardEvent, mac: boolean): CommandName | undefined {
  const dialog = app.dialogs.getState().open
  return COMMAND_NAMES.find(name => {
    const { keys, byGrid } = COMMANDS[name]
    if (byGrid || !matchesKeys(event, keys, mac)) return false
    if (isTextField(event.target) && !workInText(keys)) return false
    if (dialog !== null && !(dialog.kind === 'palette' && name === 'commandPalette')) return false
    return isEnabled(app, name)
  })
}

export const useIsMac = (): boolean => useSession(({ environment }) => environment?.platform === 'darwin')

/** Ctrl+A outside of text and grid would mark every value and sentence of the window at once. */
const selectsEverything = (event: KeyboardEvent, mac: boolean): boolean =>
  matchesKeys(event, 'Mod+A', mac) && !isTextField(event.target)

/** The keys of a command as this system writes them. */
export function useKeysOf(): (name: CommandName) => string {
  const mac = useIsMac()
  return name => keysText(COMMANDS[name].keys, mac)
}

/** Completes choices that commands make, for `Segmented`: with the command's title and keys as a tooltip. */
export function useCommandHints(): <C extends { command: CommandName }>(
  choice: C,
) => C & { hint: string; keys: string } {
  const keysOf = useKeysOf()
  return choice => ({ ...choice, hint: COMMANDS[choice.command].title, keys: keysOf(choice.command) })
}

/** Lets keys run commands, for as long as the calling component is mounted. */
export function useCommandKeys(): void {
  const app = useApp()
  const mac = useIsMac()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return
      const name = commandOf(app, event, mac)
      if (name !== undefined || selectsEverything(event, mac)) event.preventDefault()
      if (name !== undefined) runCommand(app, name)
    }
    window.addEventListener('keydown', onKeyDown)
    return () => window.removeEventListener('keydown', onKeyDown)
  }, [app, mac])
}
