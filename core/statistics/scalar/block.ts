import { itemsize } from '../../format/dtype.ts'
import { BLOCK_BYTES } from '../accumulators/kernel.ts'
import type { RealDType } from '../accumulators/keys.ts'

/** A block of elements of 32 or 64 bits, which can be looked at as words and as floats. */
export class WordBlock {
  readonly input = new Uint8Array(BLOCK_BYTES)
  readonly words = new Uint32Array(this.input.buffer)
  readonly floats: Float32Array | Float64Array
  /** Whether elements have two words, the lower one first. */
  readonly wide: boolean
  readonly #scratch = new Float64Array(1)
  readonly #scratchWords = new Uint32Array(this.#scratch.buffer)

  constructor(dtype: RealDType) {
    this.wide = itemsize(dtype) === 8
    this.floats = this.wide ? new Float64Array(this.input.buffer) : new Float32Array(this.input.buffer)
  }

  /** The lower word of element `i`, or its only one. */
  low(i: number): number {
    return this.words[this.wide ? 2 * i : i] as number
  }

  /** The higher word of element `i`; 0 where it has one. */
  high(i: number): number {
    return this.wide ? (this.words[2 * i + 1] as number) : 0
  }

  /** The two words of a number as float64, the lower one first. Valid until the next call. */
  wordsOfFloat64(value: number): Uint32Array {
    this.#scratch[0] = value
    return this.#scratchWords
  }
}
