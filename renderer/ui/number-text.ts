/** Significant digits of a number that is looked at, not worked with. */
const DIGITS = 7

/** Beyond this, whole numbers are no longer told apart. */
const LARGEST_WHOLE = 1e15

/** A number's plain text as people read it: thousands separated, with the minus sign that digits align with. */
export const readableNumber = (text: string): string =>
  text.replace(/\d+/, digits => digits.replace(/\B(?=(?:\d{3})+$)/g, ',')).replaceAll('-', '\u2212')

/** A number as short as it can be told: whole ones in full, others with the digits that mean something. */
export function numberText(value: number): string {
  const isWhole = Number.isInteger(value) && Math.abs(value) < LARGEST_WHOLE
  const text = isWhole ? String(value) : Number(value.toPrecision(DIGITS)).toString()
  return readableNumber(text).replace('NaN', 'nan')
}
