import { numberText } from '../format/values.ts'
import { ratioText } from './ratio-text.ts'
import type { SortKeys } from './accumulators/sort-keys.ts'
import { type KeyRange, rangeBounds, rangeOf } from './accumulators/refinement-pass.ts'
import type { Accumulator } from './accumulators/accumulator.ts'

/**
 * Quantiles of the finite elements as `numpy.quantile` defines them (method 'linear'), from counts in bins. The
 * cumulative counts give the bin of the element of rank k, and the bin's ends bound it. Counts add up, so the order of
 * elements does not matter. A refinement pass divides the bins that matter until they are fine enough.
 */

export interface Quantile {
  /** Between 0 and 1. */
  readonly q: number
  readonly value: number
  /** Bounds of the exact quantile; both equal `value` when that is exact. */
  readonly lower: number
  readonly upper: number
  readonly exact: boolean
  /** `value` in full, for 64-bit integers with the digits that a float64 loses. */
  readonly text: string
}

interface FinerBins {
  readonly range: KeyRange
  readonly counts: Float64Array
}

/** Known range of the element of some rank. */
interface RankRange {
  readonly low: bigint
  readonly high: bigint
  /** Number of elements before and within these keys. */
  readonly before: number
  readonly count: number
}

/** Rank statistics of the elements of an accumulator, as precisely as they are known. */
export class OrderStatistics {
  readonly #keys: SortKeys
  readonly #accumulator: Accumulator
  readonly #bins: Float64Array
  readonly #finer: FinerBins[] = []

  /** `accumulator` must have bins. */
  constructor(keys: SortKeys, accumulator: Accumulator) {
    this.#keys = keys
    this.#accumulator = accumulator
    this.#bins = accumulator.bins as Float64Array
  }

  get size(): number {
    const { count, nan, positiveInfinity, negativeInfinity } = this.#accumulator
    return count - nan - positiveInfinity - negativeInfinity
  }

  /** Adds the counts of a range that `coarseRanges` returned. */
  refine(range: KeyRange, counts: Float64Array): void {
    this.#finer.push({ range, counts })
  }

  quantiles(qs: readonly number[]): Quantile[] {
    if (this.size === 0) return []
    return qs.map(q => {
      const [low, high, share] = this.#ranks(q)
      const from = this.#estimate(low)
      const to = low === high ? from : this.#estimate(high)
      const lower = interpolate(from.lower, to.lower, share)
      const upper = interpolate(from.upper, to.upper, share)
      const value = interpolate(from.value, to.value, share)
      const text =
        from.whole !== null && to.whole !== null ? formatBetween(from.whole, to.whole, share) : numberText(value)
      return { q, value, lower, upper, exact: from.exact && to.exact, text }
    })
  }

  /** Returns the ranges to refine until the quantiles are exact or, without `exact`, precise enough for display. */
  coarseRanges(qs: readonly number[], exact: boolean): KeyRange[] {
    const ranges = new Map<bigint, KeyRange>()
    if (this.size === 0) return []
    for (const q of qs) {
      for (const rank of this.#ranks(q).slice(0, 2)) {
        const range = this.#locate(rank)
        if (range.low === range.high) continue
        if (!exact && this.#isFineEnough(range)) continue
        ranges.set(range.low, rangeOf(range.low, range.high))
      }
    }
    return [...ranges.values()]
  }

  /** Whether the error is invisible: the bin is narrow compared with the whole range, or nearly empty. */
  #isFineEnough({ low, high, count }: RankRange): boolean {
    const width = Number(this.#keys.valueOf(high)) - Number(this.#keys.valueOf(low))
    const { min, max } = this.#accumulator
    const whole = Number(max?.value) - Number(min?.value)
    return width <= whole * FINE_SHARE || count <= this.size * FINE_SHARE
  }

  /** Returns the two neighbouring ranks of a quantile and the interpolation weight of the second. */
  #ranks(q: number): readonly [number, number, number] {
    const at = q * (this.size - 1)
    const low = Math.min(Math.floor(at), this.size - 1)
    return [low, Math.min(low + (at > low ? 1 : 0), this.size - 1), at - low]
  }

  #estimate(rank: number): RankEstimate {
    const { low, high, before, count } = this.#locate(rank)
    const [least, greatest] = [this.#keys.valueOf(low), this.#keys.valueOf(high)]
    const lower = Number(least) + 0
    const upper = Number(greatest) + 0
    const share = (rank - before + 0.5) / count
    const value = lower + (upper - lower) * share
    const exact = low === high
    const isWide = typeof least === 'bigint' && typeof greatest === 'bigint'
    const whole = isWide ? (exact ? least : least + sharePart(greatest - least, share) / SHARES) : null
    return { value: exact ? lower : Math.min(upper, Math.max(lower, value)), lower, upper, exact, whole }
  }

  /** Returns the finest known bin of the element of some rank, within the extremes. */
  #locate(rank: number): RankRange {
    const { min, max } = this.#accumulator
    const least = this.#keys.keyOf(min?.value as number | bigint)
    const greatest = this.#keys.keyOf(max?.value as number | bigint)
    let range = findRank(this.#bins, 0, rank, bin => this.#keys.bounds(bin))
    for (;;) {
      const { before, count } = range
      const low = range.low > least ? range.low : least
      const high = range.high < greatest ? range.high : greatest
      const finer = low === high ? undefined : this.#finerAt(low, high)
      if (finer === undefined) return { low, high, before, count }
      range = findRank(finer.counts, before, rank, bin => rangeBounds(finer.range, bin))
    }
  }

  #finerAt(low: bigint, high: bigint): FinerBins | undefined {
    return this.#finer.find(({ range }) => range.low === low && range.high === high)
  }
}

/** A bin that spans this share of the range, or holds this share of the elements, is fine enough. */
const FINE_SHARE = 1 / 1000

/** Returns the bin that holds the element of some rank. `start` elements come before the first bin. */
function findRank(
  counts: Float64Array,
  start: number,
  rank: number,
  bounds: (bin: number) => readonly [bigint, bigint],
): RankRange {
  let before = start
  let bin = 0
  while (bin < counts.length - 1 && before + (counts[bin] as number) <= rank) before += counts[bin++] as number
  const [low, high] = bounds(bin)
  return { low, high, before, count: counts[bin] as number }
}

/** What is known of the element of some rank. */
interface RankEstimate {
  readonly value: number
  readonly lower: number
  readonly upper: number
  readonly exact: boolean
  /** The value of a 64-bit integer; null for other dtypes. */
  readonly whole: bigint | null
}

/** Denominator of a share that multiplies a bigint. */
const SHARES = 2n ** 52n

const sharePart = (difference: bigint, share: number): bigint => difference * BigInt(Math.round(share * Number(SHARES)))

/** Formats what lies between two 64-bit integers: as float64 where that distinguishes them, else exactly. */
function formatBetween(a: bigint, b: bigint, share: number): string {
  const isSafe = Number.isSafeInteger(Number(a)) && Number.isSafeInteger(Number(b))
  if (isSafe) return numberText(interpolate(Number(a), Number(b), share))
  return ratioText(a * SHARES + sharePart(b - a, share), SHARES)
}

/** Interpolates as NumPy does (`numpy.lib._function_base_impl._lerp`). */
function interpolate(a: number, b: number, share: number): number {
  if (a === b) return a
  const difference = b - a
  if (!Number.isFinite(difference)) return a * (1 - share) + b * share
  return share >= 0.5 ? b - difference * (1 - share) : a + difference * share
}
