import { addToRegisters } from '../accumulators/hyperloglog.ts'
import type { AccumulatorKernel, Wanted } from '../accumulators/kernel.ts'
import { FLOAT64_BASE, type RealDType } from '../accumulators/sort-keys.ts'
import type { Extreme, Accumulator } from '../accumulators/accumulator.ts'
import { FloatSums } from './exact-sums.ts'
import { WordAccumulator } from './word-accumulator.ts'

export class ScalarFloatKernel implements AccumulatorKernel {
  readonly #accumulator: WordAccumulator
  readonly #sums = new FloatSums()
  #nan = 0
  #positiveInfinity = 0
  #negativeInfinity = 0
  #min: Extreme | null = null
  #max: Extreme | null = null

  constructor(dtype: RealDType, wanted: Wanted) {
    this.#accumulator = new WordAccumulator(dtype, wanted)
  }

  get input(): Uint8Array {
    return this.#accumulator.block.input
  }

  add(count: number, first: number): void {
    this.#accumulator.forEach(count, first, this.#sums, (i, at) => this.#addOne(i, at))
  }

  accumulator(): Accumulator {
    return this.#accumulator.accumulator(this.#sums, {
      nan: this.#nan,
      positiveInfinity: this.#positiveInfinity,
      negativeInfinity: this.#negativeInfinity,
      min: this.#min,
      max: this.#max,
    })
  }

  #addOne(i: number, at: number): void {
    const { block, bins, registers, histogram } = this.#accumulator
    const value = block.floats[i] as number
    if (registers !== null) this.#addToRegisters(registers, value, i)
    if (!Number.isFinite(value)) {
      if (Number.isNaN(value)) this.#nan++
      else if (value > 0) this.#positiveInfinity++
      else this.#negativeInfinity++
      return
    }
    if (value === 0) this.#accumulator.zeros++
    histogram?.add(value)
    const { min, max } = { min: this.#min, max: this.#max }
    if (min === null || value < min.value || (value === min.value && at < min.at)) this.#min = { value: value + 0, at }
    if (max === null || value > max.value || (value === max.value && at < max.at)) this.#max = { value: value + 0, at }
    const [low, high] = block.wordsOfFloat64(value + 0) as unknown as [number, number]
    this.#sums.add(low, high | 0)
    if (bins === null) return
    const bin = block.wide ? binOfFloat64(high | 0) : value === 0 ? 32_768 : binOfFloat32(block.low(i))
    bins[bin]! += 1
  }

  #addToRegisters(registers: Uint8Array, value: number, i: number): void {
    const { block } = this.#accumulator
    if (Number.isNaN(value)) addToRegisters(registers, block.wide ? 0 : 0x7fc00000, block.wide ? 0x7ff80000 : 0)
    else if (value === 0) addToRegisters(registers, 0, 0)
    else addToRegisters(registers, block.low(i), block.high(i))
  }
}

/** Returns the bin of a float64 other than -0 from its higher word. */
function binOfFloat64(high: number): number {
  const magnitude = Math.min(32_767, Math.max(0, ((high & 0x7fffffff) >> 12) - FLOAT64_BASE))
  return high < 0 ? 32_767 - magnitude : 32_768 + magnitude
}

/** Returns the bin of a float32 other than -0 from its bits. */
const binOfFloat32 = (bits: number): number => ((bits | 0) < 0 ? ~bits : bits | 0x80000000) >>> 16
