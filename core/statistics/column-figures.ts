import type { DType } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import { NDArray } from '../array/ndarray.ts'
import { type ColumnTally, fieldOf } from './accumulators/columns.ts'
import { isFloat, type RealDType } from './accumulators/keys.ts'

/** Figures of each column (or channel): arrays over the trailing axes. Of the finite elements where not said otherwise. */
export interface ColumnStatistics {
  readonly dtype: DType
  /** Counts, as float64. */
  readonly count: NDArray
  readonly nan: NDArray
  readonly positiveInfinity: NDArray
  readonly negativeInfinity: NDArray
  readonly finite: NDArray
  readonly zeros: NDArray
  /** In the array's dtype. Where no element is finite: NaN, or 0 for integers. */
  readonly min: NDArray
  readonly max: NDArray
  /** The row, as float64, in which the extreme is first met; -1 where no element is finite. */
  readonly minAt: NDArray
  readonly maxAt: NDArray
  /** int64 or uint64 for integers if all sums fit, else float64. */
  readonly sum: NDArray
  /** NaN where no element is finite. */
  readonly mean: NDArray
  /** Of the population (ddof 0). */
  readonly std: NDArray
  /** For complex dtypes, whose own figures are counts only: figures of |z| and of its angle in radians. */
  readonly magnitude: ColumnStatistics | null
  readonly phase: ColumnStatistics | null
  /** Only a part of the elements has been looked at so far. */
  readonly partial: boolean
}

/** Figures of tallied columns. `rowOf` turns an element's number into its row. */
export function columnFiguresOf(
  dtype: RealDType,
  tally: ColumnTally,
  centers: Float64Array,
  { shape, partial, rowOf }: { shape: readonly number[]; partial: boolean; rowOf: (at: number) => number },
): ColumnStatistics {
  const { columns, rows } = tally
  const numbers = (of: (column: number) => number): NDArray =>
    new NDArray(
      'float64',
      shape,
      Float64Array.from({ length: columns }, (_, column) => of(column)),
    )
  const field = (name: Parameters<typeof fieldOf>[1]): NDArray =>
    new NDArray('float64', shape, fieldOf(tally, name).slice())
  const [nan, positiveInfinity, negativeInfinity] = [field('nan'), field('positiveInfinity'), field('negativeInfinity')]
  const finite = numbers(
    column => (rows[column] as number) - at(nan, column) - at(positiveInfinity, column) - at(negativeInfinity, column),
  )
  const rowAt = (name: 'minAt' | 'maxAt'): NDArray => {
    const ats = fieldOf(tally, name)
    return numbers(column => (Number.isFinite(ats[column]) ? rowOf(ats[column] as number) : -1))
  }
  const sums = Array.from({ length: columns }, (_, column) => sumOf(tally, centers, at(finite, column), column))
  return {
    dtype,
    count: new NDArray('float64', shape, rows.slice()),
    nan,
    positiveInfinity,
    negativeInfinity,
    finite,
    zeros: field('zeros'),
    min: extremes(dtype, tally, 'min', shape),
    max: extremes(dtype, tally, 'max', shape),
    minAt: rowAt('minAt'),
    maxAt: rowAt('maxAt'),
    sum: sumArray(dtype, sums, shape),
    mean: numbers(column => (sums[column]!.high + sums[column]!.low) / at(finite, column)),
    std: numbers(stdsOf(tally, finite)),
    magnitude: null,
    phase: null,
    partial,
  }
}

const at = ({ data }: NDArray, column: number): number => data[column] as number

/** Figures of complex columns. */
export const complexColumnFigures = (
  dtype: DType,
  magnitude: ColumnStatistics,
  phase: ColumnStatistics,
): ColumnStatistics => {
  const none = new NDArray('float64', magnitude.count.shape, new Float64Array(magnitude.count.size).fill(Number.NaN))
  return { ...magnitude, dtype, min: none, max: none, sum: none, mean: none, std: none, magnitude, phase }
}

function extremes(dtype: RealDType, tally: ColumnTally, name: 'min' | 'max', shape: readonly number[]): NDArray {
  const [high, low] = [fieldOf(tally, name), fieldOf(tally, `${name}Low`)]
  const data = new (typedArrayOf(dtype))(tally.columns)
  for (let column = 0; column < tally.columns; column++) {
    const value = high[column] as number
    if (!Number.isFinite(value)) data[column] = isFloat(dtype) ? Number.NaN : dtype.endsWith('int64') ? 0n : 0
    else data[column] = dtype.endsWith('int64') ? BigInt(value) * 2n ** 32n + BigInt(low[column] as number) : value
  }
  return new NDArray(dtype, shape, data)
}

/** A sum as a float64 and what that is rounded by, and the parts that make it up exactly. */
interface ColumnSum {
  readonly high: number
  readonly low: number
  readonly parts: readonly number[]
  readonly center: number
  readonly count: number
}

/** The sum of a column: of its differences from the center, and as many centers. */
function sumOf(tally: ColumnTally, centers: Float64Array, count: number, column: number): ColumnSum {
  const center = centers[column] as number
  const parts = [fieldOf(tally, 'sum')[column] as number, fieldOf(tally, 'sumRest')[column] as number]
  const [product, productRest] = twoProduct(center, count)
  const high = product + (parts[0] as number)
  const back = high - product
  const low = product - (high - back) + ((parts[0] as number) - back) + (parts[1] as number) + productRest
  return { high, low: Number.isFinite(low) ? low : 0, parts, center, count }
}

/** Standard deviations of columns: of the squares' sum, two float64, the sum's square over the count is taken away. */
function stdsOf(tally: ColumnTally, finite: NDArray): (column: number) => number {
  const [sums, sumRests] = [fieldOf(tally, 'sum'), fieldOf(tally, 'sumRest')]
  const [squares, squaresRests] = [fieldOf(tally, 'squares'), fieldOf(tally, 'squaresRest')]
  return column => {
    const count = at(finite, column)
    const sum = sums[column] as number
    const [product, productRest] = twoProduct(sum, sum)
    const quotient = product / count
    const [back, backRest] = twoProduct(quotient, count)
    const sumRest = 2 * sum * (sumRests[column] as number)
    const quotientRest = (product - back - backRest + productRest + sumRest) / count
    const spread = (squares[column] as number) - quotient + ((squaresRests[column] as number) - quotientRest)
    return Math.sqrt(Math.max(0, spread) / count)
  }
}

/** A product and what it is rounded by (Veltkamp's splitting; Dekker 1971). */
function twoProduct(a: number, b: number): [number, number] {
  const product = a * b
  const [aHigh, bHigh] = [upperHalf(a), upperHalf(b)]
  const [aLow, bLow] = [a - aHigh, b - bHigh]
  const rest = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
  return [product, Number.isFinite(rest) ? rest : 0]
}

function upperHalf(value: number): number {
  const scaled = value * 134_217_729
  return scaled - (scaled - value)
}

const LIMITS = { int64: [-(2n ** 63n), 2n ** 63n - 1n], uint64: [0n, 2n ** 64n - 1n] } as const

function sumArray(dtype: RealDType, sums: readonly ColumnSum[], shape: readonly number[]): NDArray {
  if (!isFloat(dtype)) {
    const exact = sums.map(({ parts, center, count }) =>
      parts.reduce((sum, part) => sum + BigInt(part), BigInt(center) * BigInt(count)),
    )
    const wide = dtype.startsWith('int') ? 'int64' : 'uint64'
    const [least, greatest] = LIMITS[wide]
    if (exact.every(sum => sum >= least && sum <= greatest)) {
      return new NDArray(wide, shape, wide === 'int64' ? BigInt64Array.from(exact) : BigUint64Array.from(exact))
    }
  }
  return new NDArray(
    'float64',
    shape,
    Float64Array.from(sums, ({ high, low }) => high + low),
  )
}
