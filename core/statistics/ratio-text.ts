/** Decimals of a ratio of integers that a float64 would round to a whole number. */
const DECIMALS = 6

/** Formats a ratio with up to DECIMALS decimals; halves are rounded away from zero. `denominator` is positive. */
export function ratioText(numerator: bigint, denominator: bigint): string {
  const size = numerator < 0n ? -numerator : numerator
  const scaled = (2n * size * 10n ** BigInt(DECIMALS) + denominator) / (2n * denominator)
  const digits = String(scaled).padStart(DECIMALS + 1, '0')
  const decimals = digits.slice(-DECIMALS).replace(/0+$/, '')
  const text = digits.slice(0, -DECIMALS) + (decimals === '' ? '' : `.${decimals}`)
  return numerator < 0n && scaled > 0n ? `-${text}` : text
}
