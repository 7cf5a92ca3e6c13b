/**
 * Text from a file, made safe to show: names that differ look different, and none can turn, hide or move what stands
 * beside it.
 *
 *   visibleText(text)   'a\u202eb' → 'a\u{202e}b', for a window or a terminal
 *   visibleJson(json)   the same inside JSON text, spelt as JSON spells it: what is parsed stays the same
 *
 * Escaped are controls, formats (direction, joiners, tags), lone surrogates, private and unassigned code points, every
 * space and line break but U+0020, what Unicode calls default ignorable, the blanks below, and a combining mark at the
 * start. Joiners are escaped everywhere: an emoji made of several is shown as its parts, because any other joiner
 * between two emoji can't be seen. Letters that merely look alike (Latin and Cyrillic a, é composed or not) are not told
 * apart.
 */

/** Code points without ink that are letters or symbols to Unicode: Braille, Egyptian, Khitan and musical blanks. */
const BLANKS = '\\u2800\\u{13441}\\u{13442}\\u{16fe4}\\u{1d159}'

const INVISIBLE = `(?! )[\\p{C}\\p{Z}\\p{Default_Ignorable_Code_Point}${BLANKS}]`

/** A variation selector where it changes the look: text style of an emoji, emoji style of a symbol, a keycap. */
const STYLED =
  '\\p{Emoji_Presentation}\\ufe0e|(?!\\p{Emoji_Presentation})\\p{Extended_Pictographic}\\ufe0f|[0-9#*]\\ufe0f\\u20e3'

/** `\u{` itself is escaped too, so that no name can pretend to hold an escape. */
const ESCAPED = new RegExp(`(${STYLED})|${INVISIBLE}|^\\p{M}|\\\\(?=u\\{)`, 'gu')

const ESCAPED_IN_JSON = new RegExp(`(?!\\n)${INVISIBLE}`, 'gu')

export const visibleText = (text: string): string =>
  text.replace(ESCAPED, (character: string, styled: string | undefined) =>
    styled === undefined ? `\\u{${character.codePointAt(0)!.toString(16)}}` : styled,
  )

/** `json` is what `JSON.stringify` returns: a line break in it stands between values. */
export const visibleJson = (json: string): string =>
  json.replace(ESCAPED_IN_JSON, character => character.split('').map(jsonEscape).join(''))

const jsonEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
