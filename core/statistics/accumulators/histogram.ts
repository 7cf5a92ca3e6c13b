import type { SortKeys } from './sort-keys.ts'
import type { Accumulator } from './accumulator.ts'

/** Which histogram to compute. */
export interface HistogramOptions {
  readonly bins: number
  /** First and last edge; by default the smallest and largest finite element (positive ones for 'log'). */
  readonly range?: readonly [number, number] | undefined
  /** Bins of equal width ('linear') or equal ratio ('log'). */
  readonly scale?: 'linear' | 'log' | undefined
  /**
   * Without a range: bins for a chart instead of those of `numpy.histogram`. Integers get bins that hold equally many of
   * them, a constant gets one bin, and no two edges are the same. There may be fewer bins.
   */
  readonly isForChart?: boolean | undefined
}

/** Ascending bin edges. A bin includes its lower edge; the last bin includes both. */
export interface Edges {
  readonly edges: Float64Array
  /** Spacing of the edges; kernels use it to guess the bin of a value. */
  readonly scale: 'linear' | 'log'
  /** Exact edges of a chart's bins of integers: bin i holds those from wholeEdges[i] to wholeEdges[i + 1] - 1. */
  readonly wholeEdges?: readonly bigint[] | undefined
}

/** Counts between edges, as `numpy.histogram` defines them. */
export interface Histogram extends Edges {
  readonly counts: Float64Array
  readonly below: number
  readonly above: number
  /**
   * Whether every element was compared with the edges. If not, the counts of narrow bins that contain an edge are
   * distributed.
   */
  readonly exact: boolean
}

/** Returns the edges of a histogram with an explicit range, or null when the data decides. */
export const givenEdges = ({ bins, range, scale = 'linear' }: HistogramOptions): Edges | null =>
  range === undefined ? null : edgesBetween(range, bins, scale)

/** Returns the edges for the accumulated elements, or null when no histogram is possible. */
export function edgesOf(options: HistogramOptions, keys: SortKeys, accumulator: Accumulator): Edges | null {
  if (accumulator.min === null || accumulator.max === null) return null
  const { bins, scale = 'linear' } = options
  const greatest = Number(accumulator.max.value)
  const least = scale === 'log' ? leastPositive(keys, accumulator) : Number(accumulator.min.value)
  const edges = givenEdges(options) ?? edgesBetween([least, greatest], bins, scale)
  if (edges === null || options.isForChart !== true) return edges
  return { ...edges, edges: least === greatest ? Float64Array.of(least, least) : differentEdges(edges.edges) }
}

/** Whether edges are those of a single value, which needs no counting. */
export const isOneValue = ({ edges }: Edges): boolean => edges.length === 2 && edges[0] === edges[1]

/** Leaves out edges that are the same as the one before; the last edge stays. */
function differentEdges(edges: Float64Array): Float64Array {
  const last = edges.length - 1
  return edges.filter((edge, i) => i === last || (edge < edges[last]! && edge !== edges[i - 1]))
}

function edgesBetween([low, high]: readonly [number, number], bins: number, scale: Edges['scale']): Edges | null {
  if (scale === 'log') {
    if (!(low > 0 && high > 0)) return null
    const edges = low === high ? logEdges(low / 2, high * 2, bins) : logEdges(low, high, bins)
    return { edges, scale }
  }
  const edges = low === high ? linearEdges(low - 0.5, high + 0.5, bins) : linearEdges(low, high, bins)
  return { edges, scale }
}

/** Same as `numpy.linspace(low, high, bins + 1)`. */
function linearEdges(low: number, high: number, bins: number): Float64Array {
  const step = (high - low) / bins
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) =>
    Number.isFinite(step) ? low + i * step : low * (1 - i / bins) + high * (i / bins),
  )
  edges[bins] = high
  return edges
}

function logEdges(low: number, high: number, bins: number): Float64Array {
  const from = Math.log(low)
  const step = (Math.log(high) - from) / bins
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => Math.exp(from + i * step))
  edges[0] = low
  edges[bins] = high
  return edges
}

/**
 * Returns the lower end of the first bin with positive elements (the upper end if that bin also holds 0), or 0 without
 * any.
 */
function leastPositive(keys: SortKeys, { bins, zeros }: Accumulator): number {
  if (bins === null) return 0
  for (const [bin, count] of bins.entries()) {
    if (count === 0) continue
    const [low, high] = keys.bounds(bin)
    if (Number(keys.valueOf(low)) > 0) return Number(keys.valueOf(low))
    if (Number(keys.valueOf(high)) > 0 && count > zeros) return Number(keys.valueOf(high))
  }
  return 0
}

/** Returns the bin of a value; `bins` if it is below the first edge, `bins + 1` if above the last. */
export function findBin(edges: Float64Array, value: number): number {
  const bins = edges.length - 1
  if (value < (edges[0] as number)) return bins
  if (value > (edges[bins] as number)) return bins + 1
  let low = 0
  let high = bins
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    if ((edges[middle] as number) <= value) low = middle
    else high = middle
  }
  return low
}

export function histogramOf({ edges, scale, wholeEdges }: Edges, counts: Float64Array, exact: boolean): Histogram {
  const bins = edges.length - 1
  const [below, above] = [counts[bins] as number, counts[bins + 1] as number]
  return { edges, scale, ...(wholeEdges && { wholeEdges }), counts: counts.slice(0, bins), below, above, exact }
}

/**
 * Distributes the accumulator's bins over histogram edges. This is exact where a bin is a single value. Elements of a
 * wider bin that contains edges count as evenly spread: putting them all at its middle would draw waves that the data
 * does not have.
 */
export function countsFromBins({ edges }: Edges, keys: SortKeys, accumulator: Accumulator): Float64Array {
  const counts = new Float64Array(edges.length + 1)
  const least = Number(accumulator.min?.value)
  const greatest = Number(accumulator.max?.value)
  for (const [bin, count] of (accumulator.bins as Float64Array).entries()) {
    if (count === 0) continue
    const [low, high] = keys.bounds(bin)
    const from = Math.max(least, Number(keys.valueOf(low)))
    const to = Math.min(greatest, Number(keys.valueOf(high)))
    addEvenly(counts, edges, from, to, count)
  }
  return rounded(counts)
}

function addEvenly(counts: Float64Array, edges: Float64Array, from: number, to: number, count: number): void {
  const bins = edges.length - 1
  const first = findBin(edges, from)
  if (first === findBin(edges, to)) {
    counts[first]! += count
    return
  }
  const add = (place: number, low: number, high: number): void => {
    const width = Math.min(to, high) - Math.max(from, low)
    if (width > 0) counts[place]! += count * (width / (to - from))
  }
  add(bins, Number.NEGATIVE_INFINITY, edges[0] as number)
  add(bins + 1, edges[bins] as number, Number.POSITIVE_INFINITY)
  const start = first === bins ? 0 : first
  for (let i = start; i < bins && (edges[i] as number) < to; i++) add(i, edges[i] as number, edges[i + 1] as number)
}

/** Rounds counts to integers and keeps their sum. */
export function rounded(counts: Float64Array): Float64Array {
  let rest = 0
  return counts.map(count => {
    // Math.round can return -0.
    const whole = Math.max(0, Math.round(count + rest))
    rest += count - whole
    return whole
  })
}
