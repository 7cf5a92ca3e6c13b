import type { DType, Scalar } from '../format/dtype.ts'
import { estimateDistinct } from './accumulators/hyperloglog.ts'
import { nearestRatio, nearestRootOfRatio } from './nearest-ratio.ts'
import {
  countsFromBins,
  type Edges,
  edgesOf,
  type Histogram,
  type HistogramOptions,
  histogramOf,
  isOneValue,
} from './accumulators/histogram.ts'
import { countsOfWhole, wholeBinsOf } from './accumulators/whole-bins.ts'
import { isSmallDtype, isFloat, type SortKeys, sortKeysOf, type RealDType } from './accumulators/sort-keys.ts'
import { OrderStatistics, type Quantile } from './order-statistics.ts'
import { type Extreme, type Accumulator, finiteIn } from './accumulators/accumulator.ts'

/** Statistics of an array or a part of it; of the finite elements unless noted. */
export interface Statistics {
  readonly dtype: DType
  /** Number of all elements. */
  readonly count: number
  readonly nan: number
  readonly positiveInfinity: number
  readonly negativeInfinity: number
  readonly finite: number
  readonly zeros: number
  /** Distinct elements, counting NaN as one; null when not requested, and for complex dtypes. */
  readonly distinct: Distinct | null
  /** bigint for 64-bit integers, boolean for bool, number otherwise; null when no element is finite. */
  readonly min: Scalar | null
  readonly max: Scalar | null
  /** Index of the first occurrence: [logical row, ...index]. */
  readonly minAt: readonly number[] | null
  readonly maxAt: readonly number[] | null
  /** Exact bigint for integers and bool; for floats, the float64 nearest to the exact sum. */
  readonly sum: number | bigint
  /** The float64 nearest to the exact mean; NaN when no element is finite. */
  readonly mean: number
  /** The float64 nearest to the exact population standard deviation (ddof 0); NaN when no element is finite. */
  readonly std: number
  readonly quantiles: readonly Quantile[]
  /** null when not requested or not possible. */
  readonly histogram: Histogram | null
  /** Occurrences of each value in ascending order, for bool and 8-bit integers; null for other dtypes. */
  readonly valueCounts: readonly ValueCount[] | null
  /** Statistics of |z| and of the angle in radians for complex dtypes, whose own statistics are only counts. */
  readonly magnitude: Statistics | null
  readonly phase: Statistics | null
  /** Whether only part of the elements has been read. */
  readonly partial: boolean
}

/** Number of distinct elements. */
export interface Distinct {
  readonly value: number
  /** If not, `value` is an estimate with a standard error of 0.8 %. */
  readonly exact: boolean
}

/** How often a value occurs. */
export interface ValueCount {
  readonly value: number | boolean
  readonly count: number
}

export interface StatisticsWanted {
  readonly quantiles: readonly number[]
  readonly distinct: boolean
  readonly histogram: HistogramOptions | null
}

/** Edges and counts: per bin, then below and above. */
export interface CountedEdges {
  readonly edges: Edges
  readonly counts: Float64Array
}

/** Results of refinement passes; null until they are done. */
export interface Refined {
  readonly order: OrderStatistics | null
  readonly histogram: CountedEdges | null
  /** Number of distinct elements, if they have been counted. */
  readonly distinct: number | null
}

/** Exponent of 1 in the unit of float sums, 2^-1074. */
const FLOAT_SHIFT = 1074n

/** Computes statistics from an accumulator. `indexOf` converts an element number to its index. */
export function summarize(
  dtype: RealDType,
  accumulator: Accumulator,
  wanted: StatisticsWanted,
  { partial, indexOf, refined }: { partial: boolean; indexOf: (at: number) => readonly number[]; refined: Refined },
): Statistics {
  const keys = sortKeysOf(dtype)
  const { count, nan, positiveInfinity, negativeInfinity, zeros, min, max } = accumulator
  const finite = finiteIn(accumulator)
  const order = refined.order ?? (accumulator.bins === null ? null : new OrderStatistics(keys, accumulator))
  return {
    dtype,
    count,
    nan,
    positiveInfinity,
    negativeInfinity,
    finite,
    zeros,
    distinct: wanted.distinct ? distinctOf(dtype, keys, accumulator, refined.distinct) : null,
    min: valueOf(dtype, min),
    max: valueOf(dtype, max),
    minAt: min === null ? null : indexOf(min.at),
    maxAt: max === null ? null : indexOf(max.at),
    ...momentsOf(dtype, accumulator, BigInt(finite)),
    quantiles: order?.quantiles(wanted.quantiles) ?? [],
    histogram: wanted.histogram === null ? null : histogram(dtype, keys, accumulator, wanted.histogram, refined),
    valueCounts: valueCounts(dtype, keys, accumulator),
    magnitude: null,
    phase: null,
    partial,
  }
}

function valueOf(dtype: RealDType, extreme: Extreme | null): Scalar | null {
  if (extreme === null) return null
  return dtype === 'bool' ? extreme.value !== 0 : extreme.value
}

function momentsOf(
  dtype: RealDType,
  accumulator: Accumulator,
  finite: bigint,
): Pick<Statistics, 'sum' | 'mean' | 'std'> {
  const shift = isFloat(dtype) ? FLOAT_SHIFT : 0n
  const sum = shift === 0n ? accumulator.sum : nearestRatio(accumulator.sum, 1n << shift)
  if (finite === 0n) return { sum, mean: Number.NaN, std: Number.NaN }
  const mean = nearestRatio(accumulator.sum, finite << shift)
  // n² times the variance, exactly, in squares of the sum's unit.
  const spread = finite * accumulator.squares - accumulator.sum * accumulator.sum
  return { sum, mean, std: nearestRootOfRatio(spread, (finite * finite) << (2n * shift)) }
}

function distinctOf(
  dtype: RealDType,
  keys: SortKeys,
  accumulator: Accumulator,
  counted: number | null,
): Distinct | null {
  const { registers, count, nan } = accumulator
  const exact = counted ?? countDistinct(dtype, keys, accumulator)
  if (exact !== null) return { value: exact, exact: true }
  if (registers === null) return null
  const most = count - Math.max(0, nan - 1)
  return { value: Math.min(estimateDistinct(registers), most), exact: false }
}

/** Counts distinct elements if every filled bin is a single value; returns null otherwise. */
export function countDistinct(
  dtype: RealDType,
  keys: SortKeys,
  { bins, nan, positiveInfinity, negativeInfinity }: Accumulator,
): number | null {
  if (bins === null) return null
  let value = [nan, positiveInfinity, negativeInfinity].filter(count => count > 0).length
  for (const [bin, count] of bins.entries()) {
    if (count === 0) continue
    if (!isSmallDtype(dtype)) {
      const [low, high] = keys.bounds(bin)
      if (low !== high) return null
    }
    value++
  }
  return value
}

function histogram(
  dtype: RealDType,
  keys: SortKeys,
  accumulator: Accumulator,
  options: HistogramOptions,
  refined: Refined,
): Histogram | null {
  if (refined.histogram !== null) return histogramOf(refined.histogram.edges, refined.histogram.counts, true)
  if (accumulator.bins === null) return null
  if (hasWholeBins(dtype, options)) {
    const bins = wholeBinsOf(dtype, options, accumulator)
    return bins && histogramOf(bins, countsOfWhole(bins, keys, accumulator), bins.range === null)
  }
  const edges = edgesOf(options, keys, accumulator)
  if (edges === null) return null
  return histogramOf(edges, countsFromBins(edges, keys, accumulator), isSmallDtype(dtype) || isOneValue(edges))
}

/** Whether a histogram has bins of whole numbers. */
export const hasWholeBins = (dtype: RealDType, { isForChart, range }: HistogramOptions): boolean =>
  isForChart === true && range === undefined && !isFloat(dtype)

function valueCounts(dtype: RealDType, keys: SortKeys, { bins }: Accumulator): ValueCount[] | null {
  if (bins === null || keys.bins > 256) return null
  return [...bins].flatMap((count, bin) => {
    const value = keys.valueOf(BigInt(bin)) as number
    return count === 0 ? [] : [{ value: dtype === 'bool' ? value !== 0 : value, count }]
  })
}
