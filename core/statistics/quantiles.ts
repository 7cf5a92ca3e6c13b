import type { Keys } from './accumulators/keys.ts'
import { type KeyRange, rangeBounds, rangeOf } from './accumulators/survey.ts'
import type { Tally } from './accumulators/tally.ts'

/**
 * Quantiles of the finite elements as NumPy's `quantile` defines them (method 'linear'), from counts in bins: the element
 * of rank k lies in the bin that the counts before it reach. Its bin's ends bound it, with certainty. Counts add, so the
 * result is the same in whatever order the elements come. A further scan cuts the bins that matter into finer ones, until
 * they are as fine as wanted.
 */

/** A quantile. */
export interface Quantile {
  /** From 0 to 1. */
  readonly q: number
  readonly value: number
  /** The exact quantile lies from `lower` to `upper`; both are `value` where that is exact. */
  readonly lower: number
  readonly upper: number
  readonly exact: boolean
}

/** Bins that a further scan cut finer. */
interface FinerBins {
  readonly range: KeyRange
  readonly counts: Float64Array
}

/** Where the element of a rank is known to lie. */
interface Place {
  readonly low: bigint
  readonly high: bigint
  /** Elements before and within these keys. */
  readonly before: number
  readonly count: number
}

/** The elements of a tally in their order, as far as they are known. */
export class Order {
  readonly #keys: Keys
  readonly #tally: Tally
  readonly #bins: Float64Array
  readonly #finer: FinerBins[] = []

  /** `tally` must have counted bins. */
  constructor(keys: Keys, tally: Tally) {
    this.#keys = keys
    this.#tally = tally
    this.#bins = tally.bins as Float64Array
  }

  /** Elements that have a place in the order. */
  get size(): number {
    const { count, nan, positiveInfinity, negativeInfinity } = this.#tally
    return count - nan - positiveInfinity - negativeInfinity
  }

  /** Takes what a further scan counted in a range that `coarseRanges` asked for. */
  refine(range: KeyRange, counts: Float64Array): void {
    this.#finer.push({ range, counts })
  }

  /** The quantiles; empty where no element is finite. */
  quantiles(qs: readonly number[]): Quantile[] {
    if (this.size === 0) return []
    return qs.map(q => {
      const [low, high, share] = this.#ranks(q)
      const from = this.#estimate(low)
      const to = low === high ? from : this.#estimate(high)
      const lower = interpolated(from.lower, to.lower, share)
      const upper = interpolated(from.upper, to.upper, share)
      const value = interpolated(from.value, to.value, share)
      return { q, value, lower, upper, exact: from.exact && to.exact }
    })
  }

  /** Ranges to count more finely so that the quantiles become exact, or (not `exact`) fine enough to be shown. */
  coarseRanges(qs: readonly number[], exact: boolean): KeyRange[] {
    const ranges = new Map<bigint, KeyRange>()
    if (this.size === 0) return []
    for (const q of qs) {
      for (const rank of this.#ranks(q).slice(0, 2)) {
        const place = this.#place(rank)
        if (place.low === place.high) continue
        if (!exact && this.#fineEnough(place)) continue
        ranges.set(place.low, rangeOf(place.low, place.high))
      }
    }
    return [...ranges.values()]
  }

  /** Whether nobody would see a difference: narrow beside all that is shown, or hardly any element in it. */
  #fineEnough({ low, high, count }: Place): boolean {
    const width = Number(this.#keys.valueOf(high)) - Number(this.#keys.valueOf(low))
    const { min, max } = this.#tally
    const whole = Number(max?.value) - Number(min?.value)
    return width <= whole * FINE_SHARE || count <= this.size * FINE_SHARE
  }

  /** The ranks that a quantile lies between, and how far from the first to the second. */
  #ranks(q: number): readonly [number, number, number] {
    const at = q * (this.size - 1)
    const low = Math.min(Math.floor(at), this.size - 1)
    return [low, Math.min(low + (at > low ? 1 : 0), this.size - 1), at - low]
  }

  #estimate(rank: number): { value: number; lower: number; upper: number; exact: boolean } {
    const { low, high, before, count } = this.#place(rank)
    const lower = Number(this.#keys.valueOf(low)) + 0
    const upper = Number(this.#keys.valueOf(high)) + 0
    const value = lower + (upper - lower) * ((rank - before + 0.5) / count)
    const exact = low === high
    return { value: exact ? lower : Math.min(upper, Math.max(lower, value)), lower, upper, exact }
  }

  #place(rank: number): Place {
    const { min, max } = this.#tally
    const least = this.#keys.keyOf(min?.value as number | bigint)
    const greatest = this.#keys.keyOf(max?.value as number | bigint)
    let place = find(this.#bins, 0, rank, bin => this.#keys.bounds(bin))
    for (;;) {
      const { before, count } = place
      const low = place.low > least ? place.low : least
      const high = place.high < greatest ? place.high : greatest
      const finer = low === high ? undefined : this.#finerAt(low, high)
      if (finer === undefined) return { low, high, before, count }
      place = find(finer.counts, before, rank, bin => rangeBounds(finer.range, bin))
    }
  }

  /** The finer bins of exactly these keys. */
  #finerAt(low: bigint, high: bigint): FinerBins | undefined {
    return this.#finer.find(({ range }) => range.low === low && range.high === high)
  }
}

/** A bin this narrow beside the whole, or with such a share of the elements, is fine enough. */
const FINE_SHARE = 1 / 1000

function find(
  counts: Float64Array,
  start: number,
  rank: number,
  bounds: (bin: number) => readonly [bigint, bigint],
): Place {
  let before = start
  let bin = 0
  while (bin < counts.length - 1 && before + (counts[bin] as number) <= rank) before += counts[bin++] as number
  const [low, high] = bounds(bin)
  return { low, high, before, count: counts[bin] as number }
}

/** NumPy's interpolation between two elements (`numpy.lib._function_base_impl._lerp`). */
function interpolated(a: number, b: number, share: number): number {
  if (a === b) return a
  const difference = b - a
  if (!Number.isFinite(difference)) return a * (1 - share) + b * share
  return share >= 0.5 ? b - difference * (1 - share) : a + difference * share
}
