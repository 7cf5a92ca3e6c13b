import type { Edges } from './histogram.ts'

/** What a second scan counts: finer bins around quantiles, and a histogram. Counts of parts merge by addition. */
export interface RefinementPass {
  readonly ranges: readonly KeyRange[]
  readonly histogram: Edges | null
}

/** Keys from `low` to `high`, divided into bins: the bin of a key is (key >> shift) - (low >> shift). */
export interface KeyRange {
  readonly low: bigint
  readonly high: bigint
  readonly shift: number
  readonly bins: number
}

export interface RefinementCounts {
  readonly ranges: readonly Float64Array[]
  /** Counts per bin of the histogram, then the counts below and above. */
  readonly histogram: Float64Array | null
}

export const emptyCounts = ({ ranges, histogram }: RefinementPass): RefinementCounts => ({
  ranges: ranges.map(({ bins }) => new Float64Array(bins)),
  histogram: histogram === null ? null : new Float64Array(histogram.edges.length + 1),
})

export const addCounts = (a: RefinementCounts, b: RefinementCounts): RefinementCounts => ({
  ranges: a.ranges.map((counts, i) => added(counts, b.ranges[i] as Float64Array)),
  histogram: a.histogram === null || b.histogram === null ? null : added(a.histogram, b.histogram),
})

export function added(a: Float64Array, b: Float64Array): Float64Array {
  const sum = a.slice()
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (b[i] as number)
  return sum
}

export const MAX_RANGES = 64

/** A range has up to 2^14 + 1 bins. */
const RANGE_BITS = 14

/** Divides the keys from `low` to `high` into as many bins as a range may have. */
export function rangeOf(low: bigint, high: bigint): KeyRange {
  const shift = Math.max(0, (high - low).toString(2).length - RANGE_BITS)
  return { low, high, shift, bins: Number((high >> BigInt(shift)) - (low >> BigInt(shift))) + 1 }
}

/** Returns the first and last key of a bin of a range. */
export function rangeBounds({ low, high, shift }: KeyRange, bin: number): readonly [bigint, bigint] {
  const start = ((low >> BigInt(shift)) + BigInt(bin)) << BigInt(shift)
  const end = start + (1n << BigInt(shift)) - 1n
  return [start > low ? start : low, end < high ? end : high]
}
