import { note, REGISTERS } from '../distinct.ts'
import type { TallyKernel, Wanted } from '../kernel.ts'
import { FLOAT64_BASE, keysOf, type RealDType } from '../keys.ts'
import type { Extreme, Tally } from '../tally.ts'
import { WordBlock } from './block.ts'
import { ScalarHistogram } from './histogram.ts'
import { EXACT_ELEMENTS, FloatSums } from './sums.ts'

/** Tallies float32 or float64. */
export class FloatKernel implements TallyKernel {
  readonly #block: WordBlock
  readonly #bins: Float64Array | null
  readonly #registers: Uint8Array | null
  readonly #histogram: ScalarHistogram | null
  readonly #sums = new FloatSums()
  #count = 0
  #nan = 0
  #positiveInfinity = 0
  #negativeInfinity = 0
  #zeros = 0
  #min: Extreme | null = null
  #max: Extreme | null = null

  constructor(dtype: RealDType, wanted: Wanted) {
    this.#block = new WordBlock(dtype)
    this.#bins = wanted.bins ? new Float64Array(keysOf(dtype).bins) : null
    this.#registers = wanted.distinct ? new Uint8Array(REGISTERS) : null
    this.#histogram = wanted.histogram === null ? null : new ScalarHistogram(wanted.histogram)
  }

  get input(): Uint8Array {
    return this.#block.input
  }

  add(count: number, first: number): void {
    for (let start = 0; start < count; start += EXACT_ELEMENTS) {
      const stop = Math.min(count, start + EXACT_ELEMENTS)
      for (let i = start; i < stop; i++) this.#addOne(i, first + i)
      this.#sums.settle()
    }
    this.#count += count
  }

  tally(): Tally {
    return {
      count: this.#count,
      nan: this.#nan,
      positiveInfinity: this.#positiveInfinity,
      negativeInfinity: this.#negativeInfinity,
      zeros: this.#zeros,
      min: this.#min,
      max: this.#max,
      sum: this.#sums.sum,
      squares: this.#sums.squares,
      bins: this.#bins?.slice() ?? null,
      registers: this.#registers?.slice() ?? null,
      histogram: this.#histogram?.counts() ?? null,
    }
  }

  #addOne(i: number, at: number): void {
    const value = this.#block.floats[i] as number
    if (this.#registers !== null) this.#note(this.#registers, value, i)
    if (!Number.isFinite(value)) {
      if (Number.isNaN(value)) this.#nan++
      else if (value > 0) this.#positiveInfinity++
      else this.#negativeInfinity++
      return
    }
    if (value === 0) this.#zeros++
    this.#histogram?.add(value)
    const { min, max } = { min: this.#min, max: this.#max }
    if (min === null || value < min.value || (value === min.value && at < min.at)) this.#min = { value: value + 0, at }
    if (max === null || value > max.value || (value === max.value && at < max.at)) this.#max = { value: value + 0, at }
    const [low, high] = this.#block.wordsOfFloat64(value + 0) as unknown as [number, number]
    this.#sums.add(low, high | 0)
    if (this.#bins === null) return
    const bin = this.#block.wide ? binOfFloat64(high | 0) : value === 0 ? 32_768 : binOfFloat32(this.#block.low(i))
    this.#bins[bin]! += 1
  }

  #note(registers: Uint8Array, value: number, i: number): void {
    if (Number.isNaN(value)) note(registers, this.#block.wide ? 0 : 0x7fc00000, this.#block.wide ? 0x7ff80000 : 0)
    else if (value === 0) note(registers, 0, 0)
    else note(registers, this.#block.low(i), this.#block.high(i))
  }
}

/** The bin of a float64 that is not -0, by its higher word. */
function binOfFloat64(high: number): number {
  const magnitude = Math.min(32_767, Math.max(0, ((high & 0x7fffffff) >> 12) - FLOAT64_BASE))
  return high < 0 ? 32_767 - magnitude : 32_768 + magnitude
}

/** The bin of a float32 that is not -0, by its bits. */
const binOfFloat32 = (bits: number): number => ((bits | 0) < 0 ? ~bits : bits | 0x80000000) >>> 16
