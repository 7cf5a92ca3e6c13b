/** Exact rational arithmetic for tests: checks that a float64 is the one nearest to a rational number. */

/** numerator / denominator, with a positive denominator. */
export interface Rational {
  readonly numerator: bigint
  readonly denominator: bigint
}

/** Converts a finite float64 exactly: doubles it until it is an integer. */
function rational(value: number): Rational {
  let whole = value
  let denominator = 1n
  while (!Number.isInteger(whole)) {
    whole *= 2
    denominator *= 2n
  }
  return { numerator: BigInt(whole), denominator }
}

const less = (a: Rational, b: Rational): boolean => a.numerator * b.denominator < b.numerator * a.denominator
const plus = (a: Rational, b: Rational): Rational => ({
  numerator: a.numerator * b.denominator + b.numerator * a.denominator,
  denominator: a.denominator * b.denominator,
})
const half = ({ numerator, denominator }: Rational): Rational => ({ numerator, denominator: denominator * 2n })
const squared = ({ numerator, denominator }: Rational): Rational => ({
  numerator: numerator * numerator,
  denominator: denominator * denominator,
})

/** Returns the adjacent float64, away from zero or (`up` false) towards it. */
function neighbour(value: number, up: boolean): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(value))
  view.setBigUint64(0, view.getBigUint64(0) + (up ? 1n : -1n))
  return Math.sign(value) * view.getFloat64(0)
}

/** Whether no other float64 is closer to an exact value, which may be beyond the largest float64. */
export function isNearest(value: number, exact: Rational): boolean {
  if (value === 0) return !less(half(rational(Number.MIN_VALUE)), absolute(exact))
  if (!Number.isFinite(value)) {
    const limit = { numerator: 2n ** 1024n - 2n ** 970n, denominator: 1n }
    return !less(absolute(exact), limit) && exact.numerator > 0n === value > 0
  }
  const size = absolute(exact)
  const own = rational(Math.abs(value))
  const above = neighbour(Math.abs(value), true)
  const upper = Number.isFinite(above) ? rational(above) : { numerator: 2n ** 1024n, denominator: 1n }
  const lower = rational(neighbour(Math.abs(value), false))
  const sameSign = exact.numerator === 0n || exact.numerator > 0n === value > 0
  return sameSign && !less(size, half(plus(own, lower))) && !less(half(plus(own, upper)), size)
}

const absolute = ({ numerator, denominator }: Rational): Rational => ({
  numerator: numerator < 0n ? -numerator : numerator,
  denominator,
})

/** Whether no other float64 is closer to the square root of an exact value. */
export function isNearestRoot(value: number, exact: Rational): boolean {
  if (value === 0) return !less(squared(half(rational(Number.MIN_VALUE))), exact)
  const own = rational(value)
  const upper = half(plus(own, rational(neighbour(value, true))))
  const lower = half(plus(own, rational(neighbour(value, false))))
  return !less(exact, squared(lower)) && !less(squared(upper), exact)
}

/** Returns the exact sum, mean and variance (ddof 0) of at least one number. */
export function moments(values: readonly (number | bigint)[]): { sum: Rational; mean: Rational; variance: Rational } {
  const exact = values.map(value =>
    typeof value === 'bigint' ? { numerator: value, denominator: 1n } : rational(value),
  )
  const unit = exact.reduce((most, { denominator }) => (denominator > most ? denominator : most), 1n)
  const wholes = exact.map(({ numerator, denominator }) => numerator * (unit / denominator))
  const count = BigInt(values.length)
  const sum = wholes.reduce((a, b) => a + b, 0n)
  const squares = wholes.reduce((a, b) => a + b * b, 0n)
  return {
    sum: { numerator: sum, denominator: unit },
    mean: { numerator: sum, denominator: unit * count },
    variance: { numerator: count * squares - sum * sum, denominator: unit * unit * count * count },
  }
}
