import { formatScalar } from '../../core/format/text.ts'

const DIGITS = 7
const FEWER_DIGITS = 6

/** Smaller numbers get an exponent, as in cells and in NumPy. */
const LEAST_FIXED = 1e-4
/** So do larger ones: doubles no longer distinguish whole numbers. */
const MOST_FIXED = 1e15

export const groupDigits = (text: string): string =>
  text.replace(/\d+/, digits => digits.replace(/\B(?=(?:\d{3})+$)/g, ',')).replaceAll('-', '\u2212')

export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return groupDigits(formatScalar('float64', value))
  const size = Math.abs(value)
  const isFixed = size === 0 || (size >= LEAST_FIXED && size < MOST_FIXED)
  const rounded = isFixed && Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS))
  return groupDigits(isFixed ? rounded.toString() : rounded.toExponential())
}

/** Formats a number in at most this many characters (12 or more), with a digit less or an exponent when needed. */
export function formatNumberWithin(characters: number, value: number): string {
  const text = formatNumber(value)
  if (text.length <= characters) return text
  const shorter = formatNumber(Number(value.toPrecision(FEWER_DIGITS)))
  return shorter.length <= characters ? shorter : groupDigits(value.toExponential(FEWER_DIGITS - 1))
}
