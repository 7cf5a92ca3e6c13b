import { keysText } from '../ui/keys.ts'
import { useApp, useSession } from './hooks.ts'

export const useIsMac = (): boolean => useSession(({ environment }) => environment?.platform === 'darwin')

/** Returns what gives the key of a command as this system writes it. */
export function useKeysOf(): (id: string) => string {
  const { commands } = useApp()
  const mac = useIsMac()
  return id => keysText(commands.get(id).key, mac)
}

/** Completes choices that commands make, for `Segmented`: with the command's title and key as a tooltip. */
export function useCommandHints(): <C extends { command: string }>(choice: C) => C & { hint: string; keys: string } {
  const { commands } = useApp()
  const keysOf = useKeysOf()
  return choice => ({ ...choice, hint: commands.get(choice.command).title, keys: keysOf(choice.command) })
}
