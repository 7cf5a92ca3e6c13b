/**
 * Makes text from a file safe to show: different names look different, and none can reverse, hide or move the text
 * beside it. Escapes controls, format characters, lone surrogates, private and unassigned code points, spaces and line
 * breaks except U+0020, default ignorables, the blanks below, joiners (invisible between emoji), and a combining mark
 * at the start. Letters that merely look alike (Latin and Cyrillic a) are not distinguished.
 */

/** Invisible code points that Unicode counts as letters or symbols: Braille, Egyptian, Khitan, music. */
const BLANKS = '\\u2800\\u{13441}\\u{13442}\\u{16fe4}\\u{1d159}'

const INVISIBLE = `(?! )[\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}${BLANKS}]`

/** A variation selector that changes the look: text style of an emoji, emoji style of a symbol, a keycap. */
const STYLED =
  '\\p{Emoji_Presentation}\\ufe0e|(?!\\p{Emoji_Presentation})\\p{Extended_Pictographic}\\ufe0f|[0-9#*]\\ufe0f\\u20e3'

/** `\u{` itself is escaped too, so that no name can imitate an escape. */
const ESCAPED = new RegExp(`(${STYLED})|${INVISIBLE}|^\\p{M}|\\\\(?=u\\{)`, 'gu')

const ESCAPED_IN_JSON = new RegExp(`(?!\\n)${INVISIBLE}`, 'gu')

export const visibleText = (text: string): string =>
  text.replace(ESCAPED, (character: string, styled: string | undefined) =>
    styled === undefined ? `\\u{${character.codePointAt(0)!.toString(16)}}` : styled,
  )

/** Escapes the same characters in the result of `JSON.stringify`: it parses to the same value. */
export const visibleJson = (json: string): string =>
  json.replace(ESCAPED_IN_JSON, character => character.split('').map(jsonEscape).join(''))

const jsonEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
