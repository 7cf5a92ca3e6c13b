/**
 * Notation of keys: 'Mod+K', 'Alt+W', 'h', '?'. Mod is Command on a Mac, Control elsewhere. A single character means
 * the character, however a keyboard makes it.
 */

/** The part of a KeyboardEvent that matters here. */
export interface KeyPress {
  key: string
  code: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  shiftKey: boolean
  getModifierState(key: string): boolean
}

const isCharacter = (keys: string): boolean => keys.length === 1

/** Physical key of a chord with Alt: on a Mac Option changes the character. */
const codeOf = (key: string): string => (isCharacter(key) ? `Key${key}` : key)

export function matchesKeys(press: KeyPress, keys: string, mac: boolean): boolean {
  if (isCharacter(keys)) {
    const makesCharacter = press.getModifierState('AltGraph') || (!press.ctrlKey && !press.altKey)
    // Caps Lock must not count as Shift.
    const key = press.shiftKey ? press.key : press.key.toLowerCase()
    return key === keys && makesCharacter && !press.metaKey
  }
  const [modifier, key] = keys.split('+') as [string, string]
  const { ctrlKey, metaKey, altKey, shiftKey } = press
  if (shiftKey) return false
  if (modifier === 'Alt') return altKey && !ctrlKey && !metaKey && press.code === codeOf(key)
  const onlyMod = mac ? metaKey && !ctrlKey : ctrlKey && !metaKey
  return onlyMod && !altKey && press.key.toUpperCase() === key
}

/** Whether keys work while the user types text. */
export const workInText = (keys: string): boolean => !isCharacter(keys)

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
}

/** Formats keys for display: 'Ctrl+K', on a Mac '⌘K'. */
export function formatKeys(keys: string, mac: boolean): string {
  if (isCharacter(keys)) return keys.toUpperCase()
  const [modifier, key] = keys.split('+') as [string, string]
  const name = NAMES[key] ?? key
  if (mac) return `${modifier === 'Alt' ? '⌥' : '⌘'}${name}`
  return `${modifier === 'Alt' ? 'Alt' : 'Ctrl'}+${name}`
}
