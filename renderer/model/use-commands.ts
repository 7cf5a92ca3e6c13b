import { keysText } from '../ui/keys.ts'
import { useApp, useSession } from './hooks.ts'

export const useIsMac = (): boolean => useSession(({ environment }) => environment?.platform === 'darwin')

/** Returns a function that takes the id of a command and returns its key as this system writes it. */
export function useKeysOf(): (id: string) => string {
  const { commands } = useApp()
  const mac = useIsMac()
  return id => keysText(commands.get(id).key, mac)
}

/** Returns a function that adds a command's title and key to a segment of `Segmented`, as its tooltip. */
export function useCommandHints(): <C extends { command: string }>(choice: C) => C & { hint: string; keys: string } {
  const { commands } = useApp()
  const keysOf = useKeysOf()
  return choice => ({ ...choice, hint: commands.get(choice.command).title, keys: keysOf(choice.command) })
}
