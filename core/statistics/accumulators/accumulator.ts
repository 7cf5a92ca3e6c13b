import { REGISTERS } from './hyperloglog.ts'
import { added } from './refinement-pass.ts'

/** The smallest or largest finite element and its first occurrence. */
export interface Extreme {
  /** bigint for 64-bit integers. */
  readonly value: number | bigint
  /** C-order number of the element among those scanned. */
  readonly at: number
}

/**
 * Partial statistics of the elements seen so far. Merging is exact, commutative and associative, with
 * `emptyAccumulator` as its identity, so the result depends neither on the number of workers nor on the order in which
 * they finish.
 */
export interface Accumulator {
  readonly count: number
  readonly nan: number
  readonly positiveInfinity: number
  readonly negativeInfinity: number
  readonly zeros: number
  readonly min: Extreme | null
  readonly max: Extreme | null
  /** Exact sum of the finite elements, in units of 1 for integers and of 2^-1074 for floats. */
  readonly sum: bigint
  /** Exact sum of their squares, in units of 1 for integers and of 2^-2148 for floats. */
  readonly squares: bigint
  /** Finite elements per bin (see `SortKeys`); null when they are not counted. */
  readonly bins: Float64Array | null
  /** HyperLogLog registers; null when distinct elements are not estimated. */
  readonly registers: Uint8Array | null
  /** Counts per bin of the given `Edges`, then the counts below and above; null without edges. */
  readonly histogram: Float64Array | null
}

/** Creates an accumulator without elements. `bins` and `histogram` are numbers of counts; 0 leaves them out. */
export const emptyAccumulator = (bins: number, distinct: boolean, histogram = 0): Accumulator => ({
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

export const finiteIn = ({ count, nan, positiveInfinity, negativeInfinity }: Accumulator): number =>
  count - nan - positiveInfinity - negativeInfinity

export function mergeAccumulators(a: Accumulator, b: Accumulator): Accumulator {
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

/** Returns the more extreme of two; of equal ones, the one that occurs first. */
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
