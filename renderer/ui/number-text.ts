import { count } from './format.ts'

/** Significant digits of a number that is looked at, not worked with. */
const DIGITS = 7

/** Beyond this, whole numbers are no longer told apart. */
const LARGEST_WHOLE = 1e15

/** A number as short as it can be told: whole ones with separators, others with the digits that mean something. */
export function numberText(value: number): string {
  const isWhole = Number.isInteger(value) && Math.abs(value) < LARGEST_WHOLE
  const text = isWhole ? count(value) : Number(value.toPrecision(DIGITS)).toString()
  return text.replaceAll('-', '\u2212').replace('NaN', 'nan')
}
