/**
 * Figures of each column. Sums are of d = x - center, as two float64 each (Knuth's two-sum): about 106 bits, so that the sum
 * is exact for integers of up to 32 bits, and within 1 unit in the last place for others. The center is an element of the
 * column; for dtypes whose elements float32 holds it is 0, since their squares are exact as float64. Other squares are rounded
 * once before they are added. r being the distance from the mean to the center in standard deviations and n the number of
 * rows, the relative error of std is below 2^-52 + (1 + r²) · n² · 2^-106, and where squares are rounded by (1 + r²) · 2^-51
 * more. How rows are parted among workers changes nothing but the last of the 106 bits.
 */

/** The fields of a column, each an array over columns, one behind the other (kernel/columns.ts has the same). */
export const FIELD = {
  nan: 0,
  positiveInfinity: 1,
  negativeInfinity: 2,
  zeros: 3,
  /** The least finite element; of 64-bit integers the higher 32 bits of it. */
  min: 4,
  max: 5,
  minAt: 6,
  maxAt: 7,
  sum: 8,
  sumRest: 9,
  squares: 10,
  squaresRest: 11,
  /** The lower 32 bits of the least and the greatest 64-bit integer. */
  minLow: 12,
  maxLow: 13,
} as const

export const FIELDS = 14

/** What is known of columns. */
export interface ColumnTally {
  readonly columns: number
  /** Elements of each column. */
  readonly rows: Float64Array
  /** FIELDS times `columns` numbers. */
  readonly fields: Float64Array
}

/** A field of all columns. */
export const fieldOf = ({ fields, columns }: ColumnTally, field: keyof typeof FIELD): Float64Array =>
  fields.subarray(FIELD[field] * columns, (FIELD[field] + 1) * columns)

export function emptyColumns(columns: number): ColumnTally {
  const tally = { columns, rows: new Float64Array(columns), fields: new Float64Array(FIELDS * columns) }
  fieldOf(tally, 'min').fill(Number.POSITIVE_INFINITY)
  fieldOf(tally, 'max').fill(Number.NEGATIVE_INFINITY)
  fieldOf(tally, 'minAt').fill(Number.POSITIVE_INFINITY)
  fieldOf(tally, 'maxAt').fill(Number.POSITIVE_INFINITY)
  return tally
}

const ADDED = ['nan', 'positiveInfinity', 'negativeInfinity', 'zeros', 'sumRest', 'squaresRest'] as const

/** The tally of two parts that have no row in common. */
export function mergeColumns(a: ColumnTally, b: ColumnTally): ColumnTally {
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

function mergeExtremes(to: ColumnTally, from: ColumnTally, extreme: 'min' | 'max', sign: 1 | -1): void {
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

/** Adds a number to an entry and returns what is rounded away (Knuth, TAOCP 4.2.2). */
export function addTo(sums: Float64Array, i: number, value: number): number {
  const before = sums[i] as number
  const after = before + value
  sums[i] = after
  const back = after - before
  return before - (after - back) + (value - back)
}
