import { formatScalar } from '../../core/format/text.ts'

/** Significant digits of a number that is looked at, not worked with. */
const DIGITS = 7
/** Of one that has little room. */
const FEWER_DIGITS = 6

/** Smaller numbers are told with an exponent, as in cells and in NumPy. */
const LEAST_FIXED = 1e-4
/** And larger ones: doubles no longer tell whole ones apart. */
const MOST_FIXED = 1e15

/** A number's plain text as people read it: thousands separated, with the minus sign that digits align with. */
export const readableNumber = (text: string): string =>
  text.replace(/\d+/, digits => digits.replace(/\B(?=(?:\d{3})+$)/g, ',')).replaceAll('-', '\u2212')

/** A number as short as it can be told: whole ones in full, others with the digits that mean something. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return readableNumber(formatScalar('float64', value))
  const size = Math.abs(value)
  const isFixed = size === 0 || (size >= LEAST_FIXED && size < MOST_FIXED)
  const rounded = isFixed && Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS))
  return readableNumber(isFixed ? rounded.toString() : rounded.toExponential())
}

/** A number's text in at most so many characters (12 or more): with a digit less, or with an exponent, where it is longer. */
export function numberTextWithin(characters: number, value: number): string {
  const text = numberText(value)
  if (text.length <= characters) return text
  const shorter = numberText(Number(value.toPrecision(FEWER_DIGITS)))
  return shorter.length <= characters ? shorter : readableNumber(value.toExponential(FEWER_DIGITS - 1))
}
