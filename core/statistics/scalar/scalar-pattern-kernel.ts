import { itemsize } from '../../format/dtype.ts'
import { binsOfPatterns, patternsOf, accumulatePatterns } from '../accumulators/bit-pattern-counts.ts'
import { BLOCK_BYTES, type AccumulatorKernel } from '../accumulators/kernel.ts'
import { sortKeysOf, type RealDType } from '../accumulators/sort-keys.ts'
import type { Extreme, Accumulator } from '../accumulators/accumulator.ts'

export class ScalarPatternKernel implements AccumulatorKernel {
  readonly input = new Uint8Array(BLOCK_BYTES)
  readonly #dtype: RealDType
  readonly #elements: Uint8Array | Uint16Array
  readonly #bins: Int32Array
  readonly #patterns: Float64Array
  #least = Number.POSITIVE_INFINITY
  #leastAt = Number.POSITIVE_INFINITY
  #greatest = -1
  #greatestAt = Number.POSITIVE_INFINITY

  constructor(dtype: RealDType) {
    this.#dtype = dtype
    this.#elements = itemsize(dtype) === 1 ? this.input : new Uint16Array(this.input.buffer)
    this.#bins = binsOfPatterns(dtype)
    this.#patterns = new Float64Array(patternsOf(dtype))
  }

  add(count: number, first: number): void {
    for (let i = 0; i < count; i++) {
      const pattern = this.#elements[i] as number
      this.#patterns[pattern]! += 1
      const bin = this.#bins[pattern] as number
      if (bin < 0) continue
      const at = first + i
      if (bin < this.#least || (bin === this.#least && at < this.#leastAt)) {
        this.#least = bin
        this.#leastAt = at
      }
      if (bin > this.#greatest || (bin === this.#greatest && at < this.#greatestAt)) {
        this.#greatest = bin
        this.#greatestAt = at
      }
    }
  }

  accumulator(): Accumulator {
    const keys = sortKeysOf(this.#dtype)
    const extreme = (bin: number, at: number): Extreme | null =>
      this.#greatest < 0 ? null : { value: keys.valueOf(BigInt(bin)), at }
    const min = extreme(this.#least, this.#leastAt)
    return accumulatePatterns(this.#dtype, this.#patterns, min, extreme(this.#greatest, this.#greatestAt))
  }
}
