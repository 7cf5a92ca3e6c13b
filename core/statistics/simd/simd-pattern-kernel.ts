import { itemsize } from '../../format/dtype.ts'
import { binsOfPatterns, patternsOf, accumulatePatterns } from '../accumulators/bit-pattern-counts.ts'
import type { AccumulatorKernel } from '../accumulators/kernel.ts'
import { sortKeysOf, type RealDType } from '../accumulators/sort-keys.ts'
import type { Extreme, Accumulator } from '../accumulators/accumulator.ts'
import { WideCounts } from './wide-counts.ts'
import { KernelInstance } from './kernel-instance.ts'
import type { WasmModule } from './webassembly.ts'

/** The extreme bin so far, its first occurrence and its count. */
interface ExtremeBin {
  bin: number
  at: number
  count: number
}

/**
 * Accumulates a dtype of up to 16 bits: the kernel counts bit patterns, and this class looks for extremes after each
 * block.
 */
export class SimdPatternKernel implements AccumulatorKernel {
  readonly input: Uint8Array
  readonly #dtype: RealDType
  readonly #elements: Uint8Array | Uint16Array
  readonly #count: (length: number) => void
  readonly #counts: WideCounts
  readonly #bins: Int32Array
  readonly #patterns: readonly (readonly number[])[]
  readonly #least: ExtremeBin
  readonly #greatest: ExtremeBin

  constructor(module: WasmModule, dtype: RealDType) {
    const instance = new KernelInstance(module)
    const narrow = itemsize(dtype) === 1
    const patterns = patternsOf(dtype)
    this.input = instance.input
    this.#dtype = dtype
    this.#elements = narrow ? this.input : new Uint16Array(instance.buffer, instance.at('input'), this.input.length / 2)
    this.#count = instance.functionOf(narrow ? 'countBytes' : 'countHalves')
    const tables = new Uint32Array(instance.buffer, instance.at('counts'), (narrow ? 4 : 2) * patterns)
    this.#counts = new WideCounts(tables, patterns)
    this.#bins = binsOfPatterns(dtype)
    this.#patterns = patternsOfBins(this.#bins)
    this.#least = { bin: this.#patterns.length, at: Number.POSITIVE_INFINITY, count: 0 }
    this.#greatest = { bin: -1, at: Number.POSITIVE_INFINITY, count: 0 }
  }

  add(count: number, first: number): void {
    this.#counts.expect(count)
    this.#count(count)
    let least = 0
    while (least < this.#least.bin && this.#countOf(least) === 0) least++
    this.#update(this.#least, least, count, first)
    let greatest = this.#patterns.length - 1
    while (greatest > this.#greatest.bin && this.#countOf(greatest) === 0) greatest--
    this.#update(this.#greatest, greatest, count, first)
  }

  accumulator(): Accumulator {
    const keys = sortKeysOf(this.#dtype)
    const extreme = ({ bin, count, at }: ExtremeBin): Extreme | null =>
      count === 0 ? null : { value: keys.valueOf(BigInt(bin)), at }
    return accumulatePatterns(this.#dtype, this.#counts.counts(), extreme(this.#least), extreme(this.#greatest))
  }

  #countOf(bin: number): number {
    let count = 0
    for (const pattern of this.#patterns[bin] as readonly number[]) count += this.#counts.at(pattern)
    return count
  }

  /**
   * Updates the first occurrence of the extreme `bin` if it is in the block of `count` elements from number `first`.
   */
  #update(extreme: ExtremeBin, bin: number, count: number, first: number): void {
    const total = this.#patterns[bin] === undefined ? 0 : this.#countOf(bin)
    const better = bin !== extreme.bin
    if (total > 0 && (better || (first < extreme.at && total > extreme.count))) {
      extreme.at = first + this.#indexOf(bin, count)
      extreme.bin = bin
    }
    if (total > 0) extreme.count = total
  }

  #indexOf(bin: number, count: number): number {
    for (let i = 0; i < count; i++) if (this.#bins[this.#elements[i] as number] === bin) return i
    throw new RangeError('an extreme that was counted is not in its block')
  }
}

function patternsOfBins(bins: Int32Array): number[][] {
  const patterns: number[][] = Array.from({ length: bins.length }, () => [])
  for (const [pattern, bin] of bins.entries()) if (bin >= 0) patterns[bin]!.push(pattern)
  return patterns
}
