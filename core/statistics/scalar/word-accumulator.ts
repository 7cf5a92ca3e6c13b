import { REGISTERS } from '../accumulators/hyperloglog.ts'
import type { Wanted } from '../accumulators/kernel.ts'
import { sortKeysOf, type RealDType } from '../accumulators/sort-keys.ts'
import type { Accumulator } from '../accumulators/accumulator.ts'
import { WordBlock } from './word-block.ts'
import { ScalarHistogram } from './scalar-histogram.ts'
import { EXACT_ELEMENTS, type ExactSums } from './exact-sums.ts'

/** The part of an accumulator that floats and integers have in common. */
export class WordAccumulator {
  readonly block: WordBlock
  readonly bins: Float64Array | null
  readonly registers: Uint8Array | null
  readonly histogram: ScalarHistogram | null
  zeros = 0
  #count = 0

  constructor(dtype: RealDType, wanted: Wanted) {
    this.block = new WordBlock(dtype)
    this.bins = wanted.bins ? new Float64Array(sortKeysOf(dtype).bins) : null
    this.registers = wanted.distinct ? new Uint8Array(REGISTERS) : null
    this.histogram = wanted.histogram === null ? null : new ScalarHistogram(wanted.histogram)
  }

  /**
   * Calls `visit` for each of the first `count` elements of the block; the first one has number `first` among those
   * scanned.
   */
  forEach(count: number, first: number, sums: ExactSums, visit: (i: number, at: number) => void): void {
    for (let start = 0; start < count; start += EXACT_ELEMENTS) {
      const stop = Math.min(count, start + EXACT_ELEMENTS)
      for (let i = start; i < stop; i++) visit(i, first + i)
      sums.flush()
    }
    this.#count += count
  }

  accumulator({ sum, squares }: ExactSums, others: Omit<Accumulator, OwnField>): Accumulator {
    return {
      ...others,
      count: this.#count,
      zeros: this.zeros,
      sum,
      squares,
      bins: this.bins?.slice() ?? null,
      registers: this.registers?.slice() ?? null,
      histogram: this.histogram?.counts() ?? null,
    }
  }
}

/** Fields that are the same for floats and integers. */
type OwnField = 'count' | 'zeros' | 'sum' | 'squares' | 'bins' | 'registers' | 'histogram'
