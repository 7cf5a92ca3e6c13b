/**
 * Keys are text: a character such as '?', however the keyboard makes it, a key such as 'Escape', or a chord such as
 * 'Alt+B', 'Mod+K' or 'Mod+Shift+N' (Mod is Command on a Mac, else Control).
 */

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

/** Characters of a US keyboard beside its letters, without and with Shift, by physical key. */
const US_PUNCTUATION: Readonly<Record<string, readonly [string, string]>> = {
  BracketLeft: ['[', '{'],
  BracketRight: [']', '}'],
  Slash: ['/', '?'],
  Comma: [',', '<'],
  Minus: ['-', '_'],
  Equal: ['=', '+'],
}

/** Characters that make the same chord: keyboards have the plus with or without Shift. */
const SAME_CHORD: Readonly<Record<string, string>> = { '+': '=', _: '-' }

function usCharacter(code: string, shift: boolean): string | undefined {
  const letter = /^Key([A-Z])$/.exec(code)?.[1]
  if (letter !== undefined) return shift ? letter : letter.toLowerCase()
  const digit = /^Digit([0-9])$/.exec(code)?.[1]
  return digit !== undefined && !shift ? digit : US_PUNCTUATION[code]?.[shift ? 1 : 0]
}

/** Names of keys ('Enter', 'Process') are ASCII too. */
const isLatin = (key: string): boolean => /[\p{ASCII}\p{Script=Latin}]/u.test(key)

/** Returns the character of a key press; on a layout without Latin letters, that of a US keyboard. */
export function characterOf({ key, code, shiftKey }: Pick<KeyPress, 'key' | 'code' | 'shiftKey'>): string {
  return isLatin(key) ? key : (usCharacter(code, shiftKey) ?? key)
}

/** On a Mac, Option changes the character: a chord with it is compared by the physical key. */
const matchesAlt = (press: KeyPress, key: string, mac: boolean): boolean =>
  mac && isCharacter(key) ? press.code === `Key${key}` : characterOf(press).toUpperCase() === key.toUpperCase()

function matchesMod(press: KeyPress, key: string): boolean {
  const character = characterOf(press).toUpperCase()
  return (SAME_CHORD[character] ?? character) === key
}

/** Whether Shift may be held: it changes letters and keys to other chords, but only makes some other characters. */
const mayHaveShift = (key: string): boolean => isCharacter(key) && !/[A-Z]/.test(key)

const hasModifier = ({ ctrlKey, metaKey, altKey, shiftKey }: KeyPress): boolean =>
  ctrlKey || metaKey || altKey || shiftKey

function partsOf(keys: string): { modifier: string | null; withShift: boolean; key: string } {
  const parts = keys.split('+')
  const key = parts.at(-1)!
  return { modifier: parts.length > 1 ? parts[0]! : null, withShift: parts.includes('Shift'), key }
}

export function matchesKeys(press: KeyPress, keys: string, mac: boolean): boolean {
  if (isCharacter(keys)) {
    // On a Mac, Option makes characters as AltGraph does elsewhere: those that it makes, not those of the position.
    const isOption = mac && press.altKey
    const makesCharacter = press.getModifierState('AltGraph') || (!press.ctrlKey && (isOption || !press.altKey))
    const character = isOption ? press.key : characterOf(press)
    // Caps Lock must not count as Shift.
    const key = press.shiftKey ? character : character.toLowerCase()
    return key === keys && makesCharacter && !press.metaKey
  }
  const { modifier, withShift, key } = partsOf(keys)
  if (modifier === null) return press.key === keys && !hasModifier(press)
  const { ctrlKey, metaKey, altKey, shiftKey } = press
  if (shiftKey !== withShift && !(shiftKey && mayHaveShift(key))) return false
  if (modifier === 'Alt') return altKey && !ctrlKey && !metaKey && matchesAlt(press, key, mac)
  const onlyMod = mac ? metaKey && !ctrlKey : ctrlKey && !metaKey
  return onlyMod && !altKey && matchesMod(press, key)
}

/** Whether keys also work while a text field has the focus, which takes single characters. */
export const worksInText = (keys: string): boolean => !isCharacter(keys)

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  PageUp: 'Page Up',
  PageDown: 'Page Down',
  Escape: 'Esc',
}

export function formatKeys(keys: string, mac: boolean): string {
  if (isCharacter(keys)) return keys.toUpperCase()
  const { modifier, withShift, key } = partsOf(keys)
  const name = NAMES[key] ?? key
  if (modifier === null) return name
  if (mac) return `${withShift ? '⇧' : ''}${modifier === 'Alt' ? '⌥' : '⌘'}${name}`
  return `${modifier === 'Alt' ? 'Alt' : 'Ctrl'}+${withShift ? 'Shift+' : ''}${name}`
}
