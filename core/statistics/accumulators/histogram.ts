import type { Keys } from './keys.ts'
import type { Tally } from './tally.ts'

/** Which histogram to make. */
export interface HistogramOptions {
  readonly bins: number
  /** The first and the last edge; by default the least and the greatest finite element (positive ones for 'log'). */
  readonly range?: readonly [number, number] | undefined
  /** Bins of equal width, or of equal ratio. */
  readonly scale?: 'linear' | 'log' | undefined
}

/** Ascending edges of bins: each holds its lower edge, the last one both. */
export interface Edges {
  readonly edges: Float64Array
  /** How they are spaced: where a value lies is guessed by that. */
  readonly scale: 'linear' | 'log'
}

/** How many elements lie between edges, as `numpy.histogram` counts: a bin has its lower edge, the last one both. */
export interface Histogram extends Edges {
  readonly counts: Float64Array
  /** Finite elements less than the first edge. */
  readonly below: number
  /** Finite elements greater than the last edge. */
  readonly above: number
  /** Whether each element was compared with the edges; if not, those of a narrow bin around an edge are shared out. */
  readonly exact: boolean
}

/** The edges of a histogram whose range is given; null for others. */
export const givenEdges = ({ bins, range, scale = 'linear' }: HistogramOptions): Edges | null =>
  range === undefined ? null : edgesBetween(range, bins, scale)

/** The edges of a histogram of what was tallied; null where there is nothing to show. */
export function edgesOf(options: HistogramOptions, keys: Keys, tally: Tally): Edges | null {
  if (tally.min === null || tally.max === null) return null
  const { bins, scale = 'linear' } = options
  const greatest = Number(tally.max.value)
  const least = scale === 'log' ? leastPositive(keys, tally) : Number(tally.min.value)
  return givenEdges(options) ?? edgesBetween([least, greatest], bins, scale)
}

function edgesBetween([low, high]: readonly [number, number], bins: number, scale: Edges['scale']): Edges | null {
  if (scale === 'log') {
    if (!(low > 0 && high > 0)) return null
    return { edges: low === high ? logEdges(low / 2, high * 2, bins) : logEdges(low, high, bins), scale }
  }
  return { edges: low === high ? linearEdges(low - 0.5, high + 0.5, bins) : linearEdges(low, high, bins), scale }
}

/** As `numpy.linspace(low, high, bins + 1)`. */
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

/** Where the lowest bin begins that has positive elements (ends, for the one that has 0 too); 0 where none has. */
function leastPositive(keys: Keys, { bins, zeros }: Tally): number {
  if (bins === null) return 0
  for (const [bin, count] of bins.entries()) {
    if (count === 0) continue
    const [low, high] = keys.bounds(bin)
    if (Number(keys.valueOf(low)) > 0) return Number(keys.valueOf(low))
    if (Number(keys.valueOf(high)) > 0 && count > zeros) return Number(keys.valueOf(high))
  }
  return 0
}

/** The bin between ascending edges that a value lies in; `bins` for one below, `bins + 1` for one above. */
export function placeIn(edges: Float64Array, value: number): number {
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

/** A histogram from counts a bin, then below and above. */
export function histogramOf(edges: Edges, counts: Float64Array, exact: boolean): Histogram {
  const bins = edges.edges.length - 1
  const [below, above] = [counts[bins] as number, counts[bins + 1] as number]
  return { ...edges, counts: counts.slice(0, bins), below, above, exact }
}

/**
 * Counts between edges from the tally's bins: exact where each bin is one value. The elements of a wider one that has
 * edges inside are taken to lie evenly in it: put into the middle's place, they would draw waves that aren't there.
 */
export function countsFromBins({ edges }: Edges, keys: Keys, tally: Tally): Float64Array {
  const counts = new Float64Array(edges.length + 1)
  const least = Number(tally.min?.value)
  const greatest = Number(tally.max?.value)
  for (const [bin, count] of (tally.bins as Float64Array).entries()) {
    if (count === 0) continue
    const [low, high] = keys.bounds(bin)
    const from = Math.max(least, Number(keys.valueOf(low)))
    const to = Math.min(greatest, Number(keys.valueOf(high)))
    addEvenly(counts, edges, from, to, count)
  }
  return rounded(counts)
}

/** Adds `count` elements that lie evenly between `from` and `to`. */
function addEvenly(counts: Float64Array, edges: Float64Array, from: number, to: number, count: number): void {
  const bins = edges.length - 1
  const first = placeIn(edges, from)
  if (first === placeIn(edges, to)) {
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

/** Whole numbers of the same sum. */
function rounded(counts: Float64Array): Float64Array {
  let rest = 0
  return counts.map(count => {
    // Math.round knows a -0.
    const whole = Math.max(0, Math.round(count + rest))
    rest += count - whole
    return whole
  })
}
