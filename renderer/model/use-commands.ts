import { formatKeys } from '../ui/keys.ts'
import { useApp, useSession } from './hooks.ts'

export const useIsMac = (): boolean => useSession(({ environment }) => environment?.platform === 'darwin')

export function useKeysOf(): (id: string) => string {
  const { commands } = useApp()
  const mac = useIsMac()
  return id => formatKeys(commands.get(id).key, mac)
}

/** Returns a function that adds a command's title and key, as a tooltip, to a segment of `SegmentedControl`. */
export function useCommandTooltips(): <C extends { command: string }>(
  choice: C,
) => C & { tooltip: string; keys: string } {
  const { commands } = useApp()
  const keysOf = useKeysOf()
  return choice => ({ ...choice, tooltip: commands.get(choice.command).title, keys: keysOf(choice.command) })
}
