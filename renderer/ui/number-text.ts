import { numberText, type Value } from '../../core/format/values.ts'

/** Groups the digits before the point by thousands. The minus sign stays the one that programs read. */
export const groupDigits = (text: string): string =>
  text.replace(/\d+/, digits => digits.replace(/\B(?=(?:\d{3})+$)/g, ','))

/** Returns the text of a number as programs read it, without the marks that only people need. */
export const plainNumber = (text: string): string => text.replace(/^≈ /, '').replaceAll(',', '')

/** Formats a number without rounding: its text reads back as the same number. */
export const formatNumber = (value: Value): string => groupDigits(numberText(value))

/** Significant digits of a float64 that are always its own. */
const MOST_DIGITS = 15
/** With fewer digits than this, a number without an exponent hides its size no better than one with it. */
const LEAST_DIGITS = 6

/** Formats a number in at most this many characters (12 or more): exactly if it fits, else with fewer digits. */
export function formatNumberWithin(characters: number, value: number): string {
  const exact = formatNumber(value)
  if (exact.length <= characters) return exact
  for (let digits = MOST_DIGITS; digits > 1; digits--) {
    const text = value.toPrecision(digits)
    const rounded = formatNumber(Number(text))
    if (rounded.length <= characters) return rounded
    if (digits <= LEAST_DIGITS && Number(text).toExponential().length <= characters) return Number(text).toExponential()
  }
  return value.toExponential(1)
}

const FEWEST_DIGITS = 4

/** Formats different numbers with as few digits as tell neighbours apart. */
export function differentTexts(values: readonly number[]): string[] {
  for (let digits = FEWEST_DIGITS; digits <= MOST_DIGITS; digits++) {
    const texts = values.map(value => formatNumber(Number(value.toPrecision(digits))))
    if (texts.every((text, i) => text !== texts[i - 1])) return texts
  }
  return values.map(formatNumber)
}
