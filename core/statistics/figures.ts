import type { DType, Scalar } from '../format/dtype.ts'
import { estimateDistinct } from './accumulators/distinct.ts'
import { nearestRatio, nearestRootOfRatio } from './exact.ts'
import {
  countsFromBins,
  type Edges,
  edgesOf,
  type Histogram,
  type HistogramOptions,
  histogramOf,
} from './accumulators/histogram.ts'
import { isCounted, isFloat, type Keys, keysOf, type RealDType } from './accumulators/keys.ts'
import { Order, type Quantile } from './quantiles.ts'
import type { Extreme, Tally } from './accumulators/tally.ts'

/** Figures of the elements of an array or a part of it. Where nothing says otherwise, of the finite ones. */
export interface Statistics {
  readonly dtype: DType
  /** All elements. */
  readonly count: number
  readonly nan: number
  readonly positiveInfinity: number
  readonly negativeInfinity: number
  readonly finite: number
  readonly zeros: number
  /** Different elements, NaN being one; null where not asked for, or for complex dtypes. */
  readonly distinct: Distinct | null
  /** In the dtype's own kind: bigint for 64-bit integers, boolean for bool. null where no element is finite. */
  readonly min: Scalar | null
  readonly max: Scalar | null
  /** Where the least and the greatest element are first met: [logical row, ...index]. */
  readonly minAt: readonly number[] | null
  readonly maxAt: readonly number[] | null
  /** Exact bigint for integers and bool; for floats the float64 nearest to the exact sum. */
  readonly sum: number | bigint
  /** The float64 nearest to the exact mean; NaN where no element is finite. */
  readonly mean: number
  /** The float64 nearest to the exact standard deviation of the population (ddof 0); NaN where no element is finite. */
  readonly std: number
  readonly quantiles: readonly Quantile[]
  /** null where not asked for, or where there is nothing to show. */
  readonly histogram: Histogram | null
  /** How often each value occurs, in ascending order, for bool and 8-bit integers; null for others. */
  readonly valueCounts: readonly ValueCount[] | null
  /** For complex dtypes, whose own figures are counts only: figures of |z| and of its angle in radians. */
  readonly magnitude: Statistics | null
  readonly phase: Statistics | null
  /** Only a part of the elements has been looked at so far. */
  readonly partial: boolean
}

export interface Distinct {
  readonly value: number
  /** Estimated with a standard error of 0.8 % where not. */
  readonly exact: boolean
}

export interface ValueCount {
  readonly value: number | boolean
  readonly count: number
}

/** What figures are asked for. */
export interface FiguresWanted {
  readonly quantiles: readonly number[]
  readonly distinct: boolean
  readonly histogram: HistogramOptions | null
}

/** Edges, and what was counted: elements of each bin, then of those below and of those above. */
export interface CountedEdges {
  readonly edges: Edges
  readonly counts: Float64Array
}

/** What further scans have found; nothing yet while the first one runs. */
export interface Refined {
  readonly order: Order | null
  readonly histogram: CountedEdges | null
}

/** 1 in the units of a float's sums, as a shift. */
const FLOAT_SHIFT = 1074n

/** Figures of a tally. `indexOf` turns an element's number into its index. */
export function figuresOf(
  dtype: RealDType,
  tally: Tally,
  wanted: FiguresWanted,
  { partial, indexOf, refined }: { partial: boolean; indexOf: (at: number) => readonly number[]; refined: Refined },
): Statistics {
  const keys = keysOf(dtype)
  const { count, nan, positiveInfinity, negativeInfinity, zeros, min, max } = tally
  const finite = count - nan - positiveInfinity - negativeInfinity
  const order = refined.order ?? (tally.bins === null ? null : new Order(keys, tally))
  return {
    dtype,
    count,
    nan,
    positiveInfinity,
    negativeInfinity,
    finite,
    zeros,
    distinct: wanted.distinct ? distinctOf(dtype, keys, tally) : null,
    min: valueOf(dtype, min),
    max: valueOf(dtype, max),
    minAt: min === null ? null : indexOf(min.at),
    maxAt: max === null ? null : indexOf(max.at),
    ...momentsOf(dtype, tally, BigInt(finite)),
    quantiles: order?.quantiles(wanted.quantiles) ?? [],
    histogram: wanted.histogram === null ? null : histogram(dtype, keys, tally, wanted.histogram, refined),
    valueCounts: valueCounts(dtype, keys, tally),
    magnitude: null,
    phase: null,
    partial,
  }
}

function valueOf(dtype: RealDType, extreme: Extreme | null): Scalar | null {
  if (extreme === null) return null
  return dtype === 'bool' ? extreme.value !== 0 : extreme.value
}

function momentsOf(dtype: RealDType, tally: Tally, finite: bigint): Pick<Statistics, 'sum' | 'mean' | 'std'> {
  const shift = isFloat(dtype) ? FLOAT_SHIFT : 0n
  const sum = shift === 0n ? tally.sum : nearestRatio(tally.sum, 1n << shift)
  if (finite === 0n) return { sum, mean: Number.NaN, std: Number.NaN }
  const mean = nearestRatio(tally.sum, finite << shift)
  // n² times the variance, exactly, in squares of the sum's unit.
  const spread = finite * tally.squares - tally.sum * tally.sum
  return { sum, mean, std: nearestRootOfRatio(spread, (finite * finite) << (2n * shift)) }
}

function distinctOf(dtype: RealDType, keys: Keys, tally: Tally): Distinct | null {
  const { registers, count, nan } = tally
  const exact = countDistinct(dtype, keys, tally)
  if (exact !== null) return { value: exact, exact: true }
  if (registers === null) return null
  const most = count - Math.max(0, nan - 1)
  return { value: Math.min(estimateDistinct(registers), most), exact: false }
}

/** How many different elements there are, where each bin that has any is one value; else null. */
function countDistinct(
  dtype: RealDType,
  keys: Keys,
  { bins, nan, positiveInfinity, negativeInfinity }: Tally,
): number | null {
  if (bins === null) return null
  let value = [nan, positiveInfinity, negativeInfinity].filter(count => count > 0).length
  for (const [bin, count] of bins.entries()) {
    if (count === 0) continue
    if (!isCounted(dtype)) {
      const [low, high] = keys.bounds(bin)
      if (low !== high) return null
    }
    value++
  }
  return value
}

function histogram(
  dtype: RealDType,
  keys: Keys,
  tally: Tally,
  options: HistogramOptions,
  refined: Refined,
): Histogram | null {
  if (refined.histogram !== null) return histogramOf(refined.histogram.edges, refined.histogram.counts, true)
  const edges = edgesOf(options, keys, tally)
  if (edges === null || tally.bins === null) return null
  return histogramOf(edges, countsFromBins(edges, keys, tally), isCounted(dtype))
}

function valueCounts(dtype: RealDType, keys: Keys, { bins }: Tally): ValueCount[] | null {
  if (bins === null || keys.bins > 256) return null
  return [...bins].flatMap((count, bin) => {
    const value = keys.valueOf(BigInt(bin)) as number
    return count === 0 ? [] : [{ value: dtype === 'bool' ? value !== 0 : value, count }]
  })
}
