import type { Edges } from './histogram.ts'

/**
 * What a further scan counts: finer bins where quantiles lie, and a histogram. Counts of parts merge by adding.
 */
export interface Survey {
  readonly ranges: readonly KeyRange[]
  readonly histogram: Edges | null
}

/** The keys from `low` to `high`, cut into bins: the bin of a key is (key >> shift) - (low >> shift). */
export interface KeyRange {
  readonly low: bigint
  readonly high: bigint
  readonly shift: number
  readonly bins: number
}

/** What a survey has counted. */
export interface SurveyCounts {
  readonly ranges: readonly Float64Array[]
  /** A count for each bin of the histogram, then of those below and of those above. */
  readonly histogram: Float64Array | null
}

export const emptyCounts = ({ ranges, histogram }: Survey): SurveyCounts => ({
  ranges: ranges.map(({ bins }) => new Float64Array(bins)),
  histogram: histogram === null ? null : new Float64Array(histogram.edges.length + 1),
})

/** The counts of two parts. */
export const addCounts = (a: SurveyCounts, b: SurveyCounts): SurveyCounts => ({
  ranges: a.ranges.map((counts, i) => added(counts, b.ranges[i] as Float64Array)),
  histogram: a.histogram === null || b.histogram === null ? null : added(a.histogram, b.histogram),
})

/** Counts added bin by bin. */
export function added(a: Float64Array, b: Float64Array): Float64Array {
  const sum = a.slice()
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (b[i] as number)
  return sum
}

/** So many ranges are counted at once. */
export const MAX_RANGES = 64

/** A range is cut into up to 2^14 bins (and one). */
const RANGE_BITS = 14

/** The keys from `low` to `high`, in as many bins as a range may have. */
export function rangeOf(low: bigint, high: bigint): KeyRange {
  const shift = Math.max(0, (high - low).toString(2).length - RANGE_BITS)
  return { low, high, shift, bins: Number((high >> BigInt(shift)) - (low >> BigInt(shift))) + 1 }
}

/** The first and the last key of a bin of a range. */
export function rangeBounds({ low, high, shift }: KeyRange, bin: number): readonly [bigint, bigint] {
  const start = ((low >> BigInt(shift)) + BigInt(bin)) << BigInt(shift)
  const end = start + (1n << BigInt(shift)) - 1n
  return [start > low ? start : low, end < high ? end : high]
}
