import { addToRegisters } from '../accumulators/hyperloglog.ts'
import type { AccumulatorKernel, Wanted } from '../accumulators/kernel.ts'
import type { RealDType } from '../accumulators/sort-keys.ts'
import type { Extreme, Accumulator } from '../accumulators/accumulator.ts'
import { IntegerSums } from './exact-sums.ts'
import { WordAccumulator } from './word-accumulator.ts'

/** An `Extreme` as the words of its element. */
interface ExtremeWords {
  readonly low: number
  /** Signed like the dtype. */
  readonly high: number
  readonly at: number
}

export class ScalarIntegerKernel implements AccumulatorKernel {
  readonly #accumulator: WordAccumulator
  readonly #signed: boolean
  readonly #sums = new IntegerSums()
  #min: ExtremeWords | null = null
  #max: ExtremeWords | null = null

  constructor(dtype: RealDType, wanted: Wanted) {
    this.#accumulator = new WordAccumulator(dtype, wanted)
    this.#signed = dtype.startsWith('int')
  }

  get input(): Uint8Array {
    return this.#accumulator.block.input
  }

  add(count: number, first: number): void {
    this.#accumulator.forEach(count, first, this.#sums, (i, at) => this.#addOne(i, at))
  }

  accumulator(): Accumulator {
    return this.#accumulator.accumulator(this.#sums, {
      nan: 0,
      positiveInfinity: 0,
      negativeInfinity: 0,
      min: this.#extreme(this.#min),
      max: this.#extreme(this.#max),
    })
  }

  #extreme(words: ExtremeWords | null): Extreme | null {
    if (words === null) return null
    const { low, high, at } = words
    return { value: this.#accumulator.block.wide ? BigInt(high) * 2n ** 32n + BigInt(low) : high * 2 ** 32 + low, at }
  }

  #addOne(i: number, at: number): void {
    const { block, bins, registers, histogram } = this.#accumulator
    const low = block.low(i)
    const high = this.#high(i, low)
    if (registers !== null) addToRegisters(registers, low, block.high(i))
    if (low === 0 && high === 0) this.#accumulator.zeros++
    this.#sums.add(low & 0xffff, low >>> 16, high & 0xffff, this.#signed ? high >> 16 : high >>> 16)
    histogram?.add(high * 2 ** 32 + low)
    const element = { low, high, at }
    if (this.#min === null || isBefore(element, this.#min)) this.#min = element
    if (this.#max === null || isAfter(element, this.#max)) this.#max = element
    if (bins !== null) bins[binOfInteger(low, high, this.#signed)]! += 1
  }

  /** Returns the higher word of an element; for 32-bit integers, the sign extension. */
  #high(i: number, low: number): number {
    const { block } = this.#accumulator
    if (block.wide) return this.#signed ? block.high(i) | 0 : block.high(i)
    return this.#signed ? (low | 0) >> 31 : 0
  }
}

/** Whether `a` replaces the minimum `b`: it is smaller, or equal and earlier in the array. */
const isBefore = (a: ExtremeWords, b: ExtremeWords): boolean =>
  a.high < b.high || (a.high === b.high && (a.low < b.low || (a.low === b.low && a.at < b.at)))

const isAfter = (a: ExtremeWords, b: ExtremeWords): boolean =>
  a.high > b.high || (a.high === b.high && (a.low > b.low || (a.low === b.low && a.at < b.at)))

/** Returns the bin (see `SortKeys`) of a 64-bit integer from its words. */
function binOfInteger(low: number, high: number, signed: boolean): number {
  const negative = signed && high < 0
  const lowSize = negative ? -low >>> 0 : low
  const highSize = negative ? (~high + (low === 0 ? 1 : 0)) >>> 0 : high >>> 0
  const size = binOfSize(lowSize, highSize)
  if (!signed) return size
  return negative ? 32_768 - size : 32_768 + size
}

function binOfSize(low: number, high: number): number {
  if (low === 0 && high === 0) return 0
  const exponent = high === 0 ? 31 - Math.clz32(low) : 63 - Math.clz32(high)
  return 1 + exponent * 512 + (leadingBits(low, high, exponent - 9) & 511)
}

/** Returns the bits from `shift` on; at least the lowest ten are valid. */
function leadingBits(low: number, high: number, shift: number): number {
  if (shift < 0) return low << -shift
  if (shift >= 32) return high >>> (shift - 32)
  return shift === 0 ? low : (low >>> shift) | (high << (32 - shift))
}
