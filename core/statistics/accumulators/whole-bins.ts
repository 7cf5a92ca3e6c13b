import type { Accumulator } from './accumulator.ts'
import { type Edges, type HistogramOptions, rounded } from './histogram.ts'
import { type KeyRange, rangeOf } from './refinement-pass.ts'
import { isSmallDtype, type RealDType, type SortKeys, sortKeysOf } from './sort-keys.ts'

/**
 * Bins of whole numbers, for charts of integers: bin i holds the integers from edges[i] to edges[i + 1] - 1. On a linear
 * scale all bins hold equally many. Values are compared as sort keys, never as float64.
 */
export interface WholeBins extends Edges {
  readonly wholeEdges: readonly bigint[]
  /** Keys to count, several of whose bins make up one of these; null when the accumulator's bins are fine enough. */
  readonly range: KeyRange | null
  /** Edges as sort keys. */
  readonly keys: readonly bigint[]
}

/** Returns bins for the accumulated integers; null without elements, and on a log scale without positive ones. */
export function wholeBinsOf(
  dtype: RealDType,
  { bins, scale = 'linear' }: HistogramOptions,
  accumulator: Accumulator,
): WholeBins | null {
  const { min, max } = accumulator
  if (min === null || max === null) return null
  const keys = sortKeysOf(dtype)
  const least = keys.keyOf(min.value)
  const greatest = keys.keyOf(max.value)
  if (scale === 'linear') return evenBins(dtype, least, greatest, bins)
  if (accumulator.bins === null || max.value <= 0) return null
  const zero = keys.keyOf(0)
  const filled = [...accumulator.bins.entries()]
    .filter(([, count]) => count > 0)
    .map(([bin]) => bin)
    .filter(bin => keys.bounds(bin)[0] > zero)
  const [first, last] = [filled[0]!, filled[filled.length - 1]!]
  // Without that many bins to choose edges from, the range is so small that a logarithm is nearly linear in it.
  if (last - first < bins) return evenBins(dtype, greaterOf(least, keys.bounds(first)[0]), greatest, bins)
  return evenRatios(dtype, keys, [first, last], bins)
}

const greaterOf = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** Divides the keys from `least` to `greatest` into at most `bins` bins of equally many integers. */
function evenBins(dtype: RealDType, least: bigint, greatest: bigint, bins: number): WholeBins {
  const range = isSmallDtype(dtype)
    ? { low: least, high: greatest, shift: 0, bins: Number(greatest - least) + 1 }
    : rangeOf(least, greatest)
  const shift = BigInt(range.shift)
  const width = BigInt(Math.ceil(range.bins / bins)) << shift
  const start = (least >> shift) << shift
  const edges = [start]
  for (let edge = start; edge <= greatest; ) {
    edge += width
    edges.push(edge)
  }
  return wholeBins(dtype, edges, 'linear', isSmallDtype(dtype) ? null : range)
}

/** Divides bins of the accumulator, from the first to the last with positive elements, into groups of equal ratio. */
function evenRatios(
  dtype: RealDType,
  keys: SortKeys,
  [first, last]: readonly [number, number],
  bins: number,
): WholeBins {
  const logarithmOf = (bin: number): number => Math.log(Number(keys.valueOf(keys.bounds(bin)[0])))
  const start = logarithmOf(first)
  const step = (logarithmOf(last) - start) / bins
  const edges: bigint[] = []
  let group = -1
  for (let bin = first; bin <= last; bin++) {
    const at = Math.min(bins - 1, Math.floor((logarithmOf(bin) - start) / step))
    if (at > group) edges.push(keys.bounds(bin)[0])
    group = Math.max(group, at)
  }
  return wholeBins(dtype, [...edges, keys.bounds(last)[1] + 1n], 'log', null)
}

function wholeBins(dtype: RealDType, keys: bigint[], scale: Edges['scale'], range: KeyRange | null): WholeBins {
  const offset = sortKeysOf(dtype).keyOf(0)
  const wholeEdges = keys.map(key => key - offset)
  return { wholeEdges, edges: Float64Array.from(wholeEdges, Number), scale, range, keys }
}

/** Counts per bin, then below and above, from the counts of the bins' `range`; `all` elements are counted. */
export function countsFromRange({ keys, range }: WholeBins, counts: Float64Array, all: number): Float64Array {
  const { shift } = range as KeyRange
  const bins = keys.length - 1
  const fine = Number((keys[1]! - keys[0]!) >> BigInt(shift))
  const sums = new Float64Array(bins + 2)
  let counted = 0
  for (const [i, count] of counts.entries()) {
    sums[Math.floor(i / fine)]! += count
    counted += count
  }
  sums[bins] = all - counted
  return sums
}

/**
 * Counts per bin, then below and above, from the accumulator's bins: exact unless one of them lies across an edge; its
 * elements count as evenly spread.
 */
export function countsOfWhole({ keys: edges }: WholeBins, keys: SortKeys, accumulator: Accumulator): Float64Array {
  const bins = edges.length - 1
  const counts = new Float64Array(bins + 2)
  const [least, greatest] = [accumulator.min, accumulator.max].map(extreme => keys.keyOf(extreme!.value)) as [
    bigint,
    bigint,
  ]
  let bin = 0
  for (const [i, count] of (accumulator.bins as Float64Array).entries()) {
    if (count === 0) continue
    const [low, high] = keys.bounds(i)
    const from = low > least ? low : least
    const to = high < greatest ? high : greatest
    if (to < edges[0]!) {
      counts[bins]! += count
      continue
    }
    while (bin < bins - 1 && edges[bin + 1]! <= from) bin++
    for (let at = bin; at < bins && edges[at]! <= to; at++) {
      const start = at > 0 && edges[at]! > from ? edges[at]! : from
      const stop = at < bins - 1 && edges[at + 1]! <= to ? edges[at + 1]! : to + 1n
      counts[at]! += count * (Number(stop - start) / Number(to - from + 1n))
    }
  }
  return rounded(counts)
}
