import { REGISTERS } from './distinct.ts'
import { added } from './survey.ts'

/** The least or the greatest finite element and where it was met first. */
export interface Extreme {
  /** bigint for 64-bit integers. */
  readonly value: number | bigint
  /** Number of the element among those scanned, in C order. */
  readonly at: number
}

/**
 * What a scan knows of the elements it has met. Tallies of parts merge into the tally of the whole: `merge` is
 * commutative and associative and `emptyTally` its identity, all exactly, so that neither the number of workers nor the
 * order in which they finish shows.
 */
export interface Tally {
  readonly count: number
  readonly nan: number
  readonly positiveInfinity: number
  readonly negativeInfinity: number
  readonly zeros: number
  readonly min: Extreme | null
  readonly max: Extreme | null
  /** Exact sum of the finite elements: of ones for integers, of 2^-1074 for floats. */
  readonly sum: bigint
  /** Exact sum of their squares: of ones for integers, of 2^-2148 for floats. */
  readonly squares: bigint
  /** How many finite elements lie in each bin (see `Keys`); null where they were not counted. */
  readonly bins: Float64Array | null
  /** HyperLogLog's registers; null where distinct elements are not estimated. */
  readonly registers: Uint8Array | null
  /** Counts between the edges that were given (see `Edges`), then below and above; null where there were none. */
  readonly histogram: Float64Array | null
}

/** The tally of nothing. `bins` and `histogram`: how many counts there are, 0 where there are none. */
export const emptyTally = (bins: number, distinct: boolean, histogram = 0): Tally => ({
  count: 0,
  nan: 0,
  positiveInfinity: 0,
  negativeInfinity: 0,
  zeros: 0,
  min: null,
  max: null,
  sum: 0n,
  squares: 0n,
  bins: bins === 0 ? null : new Float64Array(bins),
  registers: distinct ? new Uint8Array(REGISTERS) : null,
  histogram: histogram === 0 ? null : new Float64Array(histogram),
})

/** The tally of two parts that have no element in common. */
export function mergeTallies(a: Tally, b: Tally): Tally {
  return {
    count: a.count + b.count,
    nan: a.nan + b.nan,
    positiveInfinity: a.positiveInfinity + b.positiveInfinity,
    negativeInfinity: a.negativeInfinity + b.negativeInfinity,
    zeros: a.zeros + b.zeros,
    min: first(a.min, b.min, (x, y) => x < y),
    max: first(a.max, b.max, (x, y) => x > y),
    sum: a.sum + b.sum,
    squares: a.squares + b.squares,
    bins: a.bins === null || b.bins === null ? null : added(a.bins, b.bins),
    registers: a.registers === null || b.registers === null ? null : highest(a.registers, b.registers),
    histogram: a.histogram === null || b.histogram === null ? null : added(a.histogram, b.histogram),
  }
}

/** The extreme of two, the one met first where both are equal. */
function first(
  a: Extreme | null,
  b: Extreme | null,
  before: (x: number | bigint, y: number | bigint) => boolean,
): Extreme | null {
  if (a === null || b === null) return a ?? b
  if (before(a.value, b.value)) return a
  return before(b.value, a.value) || b.at < a.at ? b : a
}

function highest(a: Uint8Array, b: Uint8Array): Uint8Array {
  const result = a.slice()
  for (let i = 0; i < result.length; i++) result[i] = Math.max(result[i] as number, b[i] as number)
  return result
}
