import { formatKeys } from '../ui/keys.ts'
import { useApp, useSession } from './hooks.ts'

export const useIsMac = (): boolean => useSession(({ environment }) => environment?.platform === 'darwin')

export function useKeysOf(): (id: string) => string {
  const { commands } = useApp()
  const mac = useIsMac()
  return id => formatKeys(commands.get(id).key, mac)
}

/** Returns a function that adds a command's title and key, as a tooltip, to an option of a `SegmentedControl`. */
export function useCommandTooltips(): <C extends { command: string }>(
  option: C,
) => C & { tooltip: string; shortcut: string } {
  const { commands } = useApp()
  const keysOf = useKeysOf()
  return option => ({ ...option, tooltip: commands.get(option.command).title, shortcut: keysOf(option.command) })
}
