import { itemsize } from '../../format/dtype.ts'
import { BLOCK_BYTES } from '../accumulators/kernel.ts'
import type { RealDType } from '../accumulators/sort-keys.ts'

/** A block of 32- or 64-bit elements, readable as words and as floats. */
export class WordBlock {
  readonly input = new Uint8Array(BLOCK_BYTES)
  readonly words = new Uint32Array(this.input.buffer)
  readonly floats: Float32Array | Float64Array
  /** Whether elements have two words, lower word first. */
  readonly wide: boolean
  readonly #scratch = new Float64Array(1)
  readonly #scratchWords = new Uint32Array(this.#scratch.buffer)

  constructor(dtype: RealDType) {
    this.wide = itemsize(dtype) === 8
    this.floats = this.wide ? new Float64Array(this.input.buffer) : new Float32Array(this.input.buffer)
  }

  /** Returns the lower (or only) word of element `i`. */
  low(i: number): number {
    return this.words[this.wide ? 2 * i : i] as number
  }

  /** Returns the higher word of element `i`, or 0 for 32-bit elements. */
  high(i: number): number {
    return this.wide ? (this.words[2 * i + 1] as number) : 0
  }

  /** Returns the words of a float64, lower word first. Valid until the next call. */
  wordsOfFloat64(value: number): Uint32Array {
    this.#scratch[0] = value
    return this.#scratchWords
  }
}
