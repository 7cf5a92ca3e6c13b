import { REGISTERS } from '../accumulators/distinct.ts'
import type { Wanted } from '../accumulators/kernel.ts'
import { keysOf, type RealDType } from '../accumulators/keys.ts'
import type { Tally } from '../accumulators/tally.ts'
import { WordBlock } from './block.ts'
import { ScalarHistogram } from './histogram.ts'
import { EXACT_ELEMENTS, type ExactSums } from './sums.ts'

/** What tallies of integers and of floats have in common: elements of 32 or 64 bits, counted one by one. */
export class WordTally {
  readonly block: WordBlock
  readonly bins: Float64Array | null
  readonly registers: Uint8Array | null
  readonly histogram: ScalarHistogram | null
  zeros = 0
  #count = 0

  constructor(dtype: RealDType, wanted: Wanted) {
    this.block = new WordBlock(dtype)
    this.bins = wanted.bins ? new Float64Array(keysOf(dtype).bins) : null
    this.registers = wanted.distinct ? new Uint8Array(REGISTERS) : null
    this.histogram = wanted.histogram === null ? null : new ScalarHistogram(wanted.histogram)
  }

  /** Gives `look` the first `count` elements of the block, which are `first`, `first + 1`, ... of those scanned. */
  each(count: number, first: number, sums: ExactSums, look: (i: number, at: number) => void): void {
    for (let start = 0; start < count; start += EXACT_ELEMENTS) {
      const stop = Math.min(count, start + EXACT_ELEMENTS)
      for (let i = start; i < stop; i++) look(i, first + i)
      sums.settle()
    }
    this.#count += count
  }

  /** The tally of everything so far. */
  tally({ sum, squares }: ExactSums, found: Omit<Tally, Counted>): Tally {
    return {
      ...found,
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

type Counted = 'count' | 'zeros' | 'sum' | 'squares' | 'bins' | 'registers' | 'histogram'
