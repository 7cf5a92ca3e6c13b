import { note } from '../accumulators/distinct.ts'
import type { TallyKernel, Wanted } from '../accumulators/kernel.ts'
import type { RealDType } from '../accumulators/keys.ts'
import type { Extreme, Tally } from '../accumulators/tally.ts'
import { IntegerSums } from './sums.ts'
import { WordTally } from './word-tally.ts'

/** An element as words, and its number among those scanned. */
interface Met {
  readonly low: number
  /** Signed or not, as the dtype is. */
  readonly high: number
  readonly at: number
}

/** Tallies integers of 32 or 64 bits. */
export class IntegerKernel implements TallyKernel {
  readonly #found: WordTally
  readonly #signed: boolean
  readonly #sums = new IntegerSums()
  #min: Met | null = null
  #max: Met | null = null

  constructor(dtype: RealDType, wanted: Wanted) {
    this.#found = new WordTally(dtype, wanted)
    this.#signed = dtype.startsWith('int')
  }

  get input(): Uint8Array {
    return this.#found.block.input
  }

  add(count: number, first: number): void {
    this.#found.each(count, first, this.#sums, (i, at) => this.#addOne(i, at))
  }

  tally(): Tally {
    return this.#found.tally(this.#sums, {
      nan: 0,
      positiveInfinity: 0,
      negativeInfinity: 0,
      min: this.#extreme(this.#min),
      max: this.#extreme(this.#max),
    })
  }

  #extreme(met: Met | null): Extreme | null {
    if (met === null) return null
    const { low, high, at } = met
    return { value: this.#found.block.wide ? BigInt(high) * 2n ** 32n + BigInt(low) : high * 2 ** 32 + low, at }
  }

  #addOne(i: number, at: number): void {
    const { block, bins, registers, histogram } = this.#found
    const low = block.low(i)
    const high = this.#high(i, low)
    if (registers !== null) note(registers, low, block.high(i))
    if (low === 0 && high === 0) this.#found.zeros++
    this.#sums.add(low & 0xffff, low >>> 16, high & 0xffff, this.#signed ? high >> 16 : high >>> 16)
    histogram?.add(high * 2 ** 32 + low)
    const met = { low, high, at }
    if (this.#min === null || isBefore(met, this.#min)) this.#min = met
    if (this.#max === null || isAfter(met, this.#max)) this.#max = met
    if (bins !== null) bins[binOfInteger(low, high, this.#signed)]! += 1
  }

  /** The higher word of an element, made up where it has only one. */
  #high(i: number, low: number): number {
    const { block } = this.#found
    if (block.wide) return this.#signed ? block.high(i) | 0 : block.high(i)
    return this.#signed ? (low | 0) >> 31 : 0
  }
}

/** Whether an element becomes the least: it is less, or the same and met earlier in the array. */
const isBefore = (a: Met, b: Met): boolean =>
  a.high < b.high || (a.high === b.high && (a.low < b.low || (a.low === b.low && a.at < b.at)))

const isAfter = (a: Met, b: Met): boolean =>
  a.high > b.high || (a.high === b.high && (a.low > b.low || (a.low === b.low && a.at < b.at)))

/** The bin of an integer of 64 bits by its words (`Keys`): one for 0, then 512 a power of two. */
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

/** The bits from `shift` on, at least the lowest ten of them. */
function leadingBits(low: number, high: number, shift: number): number {
  if (shift < 0) return low << -shift
  if (shift >= 32) return high >>> (shift - 32)
  return shift === 0 ? low : (low >>> shift) | (high << (32 - shift))
}
