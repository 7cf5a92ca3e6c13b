/**
 * Statistics per column. Sums are of d = x - shift and take two float64 each (Knuth's two-sum), about 106 bits: exact
 * for integers of up to 32 bits, within 1 ulp for others. The shift is an element of the column. It is 0 for dtypes
 * that fit float32, because their squares are exact in float64; other squares are rounded once before they are added.
 *
 * With r = |mean - shift| / std and n rows, the relative error of std is below 2^-52 + (1 + r²) · n² · 2^-106, plus (1
 * + r²) · 2^-51 where squares are rounded. The split among workers changes only the last of the 106 bits.
 */

/**
 * Fields of a column, stored one after the other as arrays over columns. kernel/column-fields.ts has the same order.
 */
export const FIELD = {
  nan: 0,
  positiveInfinity: 1,
  negativeInfinity: 2,
  zeros: 3,
  /** Smallest finite element; of 64-bit integers, its upper 32 bits. */
  min: 4,
  max: 5,
  minAt: 6,
  maxAt: 7,
  sum: 8,
  sumRest: 9,
  squares: 10,
  squaresRest: 11,
  /** Lower 32 bits of the smallest and largest 64-bit integer. */
  minLow: 12,
  maxLow: 13,
} as const

export const FIELDS = 14

export interface ColumnAccumulator {
  readonly columns: number
  readonly rows: Float64Array
  readonly fields: Float64Array
}

/** Returns one field of all columns, without copying. */
export const fieldOf = ({ fields, columns }: ColumnAccumulator, field: keyof typeof FIELD): Float64Array =>
  fields.subarray(FIELD[field] * columns, (FIELD[field] + 1) * columns)

export function emptyColumns(columns: number): ColumnAccumulator {
  const accumulator = { columns, rows: new Float64Array(columns), fields: new Float64Array(FIELDS * columns) }
  fieldOf(accumulator, 'min').fill(Number.POSITIVE_INFINITY)
  fieldOf(accumulator, 'max').fill(Number.NEGATIVE_INFINITY)
  fieldOf(accumulator, 'minAt').fill(Number.POSITIVE_INFINITY)
  fieldOf(accumulator, 'maxAt').fill(Number.POSITIVE_INFINITY)
  return accumulator
}

const ADDED = ['nan', 'positiveInfinity', 'negativeInfinity', 'zeros', 'sumRest', 'squaresRest'] as const

export function mergeColumns(a: ColumnAccumulator, b: ColumnAccumulator): ColumnAccumulator {
  const { columns } = a
  const merged = { columns, rows: a.rows.slice(), fields: a.fields.slice() }
  for (let i = 0; i < columns; i++) merged.rows[i]! += b.rows[i] as number
  for (const field of ADDED) {
    const [to, from] = [fieldOf(merged, field), fieldOf(b, field)]
    for (let i = 0; i < columns; i++) to[i]! += from[i] as number
  }
  for (const [high, rest] of [
    ['sum', 'sumRest'],
    ['squares', 'squaresRest'],
  ] as const) {
    const [sums, rests, others] = [fieldOf(merged, high), fieldOf(merged, rest), fieldOf(b, high)]
    for (let i = 0; i < columns; i++) rests[i]! += addTo(sums, i, others[i] as number)
  }
  mergeExtremes(merged, b, 'min', 1)
  mergeExtremes(merged, b, 'max', -1)
  return merged
}

function mergeExtremes(to: ColumnAccumulator, from: ColumnAccumulator, extreme: 'min' | 'max', sign: 1 | -1): void {
  const fields = [extreme, `${extreme}Low`, `${extreme}At`] as const
  const [high, low, at] = fields.map(field => fieldOf(to, field)) as [Float64Array, Float64Array, Float64Array]
  const [otherHigh, otherLow, otherAt] = fields.map(field => fieldOf(from, field)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  for (let i = 0; i < to.columns; i++) {
    const difference =
      sign * ((high[i] as number) - (otherHigh[i] as number)) || sign * ((low[i] as number) - (otherLow[i] as number))
    if (!(difference > 0 || (difference === 0 && (otherAt[i] as number) < (at[i] as number)))) continue
    high[i] = otherHigh[i] as number
    low[i] = otherLow[i] as number
    at[i] = otherAt[i] as number
  }
}

/** Adds a number to an entry and returns the rounding error (two-sum; Knuth, TAOCP 4.2.2). */
export function addTo(sums: Float64Array, i: number, value: number): number {
  const before = sums[i] as number
  const after = before + value
  sums[i] = after
  const back = after - before
  return before - (after - back) + (value - back)
}
