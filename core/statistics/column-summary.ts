import type { DType } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import { NDArray } from '../array/ndarray.ts'
import { type ColumnAccumulator, fieldOf } from './accumulators/column-accumulator.ts'
import { isFloat, type RealDType } from './accumulators/sort-keys.ts'

/** Statistics per column (or channel), as arrays over the trailing axes; of the finite elements unless noted. */
export interface ColumnStatistics {
  readonly dtype: DType
  /** Counts, in float64. */
  readonly count: NDArray
  readonly nan: NDArray
  readonly positiveInfinity: NDArray
  readonly negativeInfinity: NDArray
  readonly finite: NDArray
  readonly zeros: NDArray
  /** In the array's dtype. NaN, or 0 for integers, when no element is finite. */
  readonly min: NDArray
  readonly max: NDArray
  /** Row of the first occurrence, in float64; -1 when no element is finite. */
  readonly minAt: NDArray
  readonly maxAt: NDArray
  /** int64 or uint64 for integers if all sums fit, otherwise float64. */
  readonly sum: NDArray
  /** NaN when no element is finite. */
  readonly mean: NDArray
  /** Population standard deviation (ddof 0). */
  readonly std: NDArray
  /** Statistics of |z| and of the angle in radians for complex dtypes, whose own statistics are only counts. */
  readonly magnitude: ColumnStatistics | null
  readonly phase: ColumnStatistics | null
  readonly partial: boolean
}

/** Computes statistics from column accumulators. `rowOf` converts an element number to its row. */
export function summarizeColumns(
  dtype: RealDType,
  accumulator: ColumnAccumulator,
  shifts: Float64Array,
  { shape, partial, rowOf }: { shape: readonly number[]; partial: boolean; rowOf: (at: number) => number },
): ColumnStatistics {
  const { columns, rows } = accumulator
  const numbers = (of: (column: number) => number): NDArray =>
    new NDArray(
      'float64',
      shape,
      Float64Array.from({ length: columns }, (_, column) => of(column)),
    )
  const field = (name: Parameters<typeof fieldOf>[1]): NDArray =>
    new NDArray('float64', shape, fieldOf(accumulator, name).slice())
  const [nan, positiveInfinity, negativeInfinity] = [field('nan'), field('positiveInfinity'), field('negativeInfinity')]
  const finite = numbers(
    column => (rows[column] as number) - at(nan, column) - at(positiveInfinity, column) - at(negativeInfinity, column),
  )
  const rowAt = (name: 'minAt' | 'maxAt'): NDArray => {
    const ats = fieldOf(accumulator, name)
    return numbers(column => (Number.isFinite(ats[column]) ? rowOf(ats[column] as number) : -1))
  }
  const sums = Array.from({ length: columns }, (_, column) => sumOf(accumulator, shifts, at(finite, column), column))
  return {
    dtype,
    count: new NDArray('float64', shape, rows.slice()),
    nan,
    positiveInfinity,
    negativeInfinity,
    finite,
    zeros: field('zeros'),
    min: extremes(dtype, accumulator, 'min', shape),
    max: extremes(dtype, accumulator, 'max', shape),
    minAt: rowAt('minAt'),
    maxAt: rowAt('maxAt'),
    sum: sumArray(dtype, sums, shape),
    mean: numbers(column => (sums[column]!.high + sums[column]!.low) / at(finite, column)),
    std: numbers(stdsOf(accumulator, finite)),
    magnitude: null,
    phase: null,
    partial,
  }
}

const at = ({ data }: NDArray, column: number): number => data[column] as number

export const complexColumnStatistics = (
  dtype: DType,
  magnitude: ColumnStatistics,
  phase: ColumnStatistics,
): ColumnStatistics => {
  const none = new NDArray('float64', magnitude.count.shape, new Float64Array(magnitude.count.size).fill(Number.NaN))
  return { ...magnitude, dtype, min: none, max: none, sum: none, mean: none, std: none, magnitude, phase }
}

function extremes(
  dtype: RealDType,
  accumulator: ColumnAccumulator,
  name: 'min' | 'max',
  shape: readonly number[],
): NDArray {
  const [high, low] = [fieldOf(accumulator, name), fieldOf(accumulator, `${name}Low`)]
  const data = new (typedArrayOf(dtype))(accumulator.columns)
  for (let column = 0; column < accumulator.columns; column++) {
    const value = high[column] as number
    if (!Number.isFinite(value)) data[column] = isFloat(dtype) ? Number.NaN : dtype.endsWith('int64') ? 0n : 0
    else data[column] = dtype.endsWith('int64') ? BigInt(value) * 2n ** 32n + BigInt(low[column] as number) : value
  }
  return new NDArray(dtype, shape, data)
}

/** A sum as a float64 and its rounding error, and the exact terms. */
interface ColumnSum {
  readonly high: number
  readonly low: number
  readonly parts: readonly number[]
  readonly shift: number
  readonly count: number
}

/** Sums a column: its differences from the shift, plus count × shift. */
function sumOf(accumulator: ColumnAccumulator, shifts: Float64Array, count: number, column: number): ColumnSum {
  const shift = shifts[column] as number
  const parts = [fieldOf(accumulator, 'sum')[column] as number, fieldOf(accumulator, 'sumRest')[column] as number]
  const [product, productRest] = twoProduct(shift, count)
  const high = product + (parts[0] as number)
  const back = high - product
  const low = product - (high - back) + ((parts[0] as number) - back) + (parts[1] as number) + productRest
  return { high, low: Number.isFinite(low) ? low : 0, parts, shift, count }
}

/** Returns standard deviations: sqrt((Σd² - (Σd)² / n) / n), with sums of two float64 each. */
function stdsOf(accumulator: ColumnAccumulator, finite: NDArray): (column: number) => number {
  const [sums, sumRests] = [fieldOf(accumulator, 'sum'), fieldOf(accumulator, 'sumRest')]
  const [squares, squaresRests] = [fieldOf(accumulator, 'squares'), fieldOf(accumulator, 'squaresRest')]
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

/** Returns a product and its rounding error (Veltkamp splitting; Dekker 1971). */
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
    const exact = sums.map(({ parts, shift, count }) =>
      parts.reduce((sum, part) => sum + BigInt(part), BigInt(shift) * BigInt(count)),
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
