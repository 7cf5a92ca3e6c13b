import { itemsize } from '../../format/dtype.ts'
import { elementsOf } from '../../format/elements.ts'
import { BLOCK_BYTES, type RefinementKernel } from '../accumulators/kernel.ts'
import { isFloat, type RealDType } from '../accumulators/sort-keys.ts'
import { ScalarHistogram } from './scalar-histogram.ts'
import {
  emptyCounts,
  type KeyRange,
  type RefinementPass,
  type RefinementCounts,
} from '../accumulators/refinement-pass.ts'

interface WordRange {
  readonly lowHigh: number
  readonly lowLow: number
  readonly highHigh: number
  readonly highLow: number
  readonly shift: number
  readonly counts: Float64Array
}

export class ScalarRefinement implements RefinementKernel {
  readonly input = new Uint8Array(BLOCK_BYTES)
  readonly #words = new Uint32Array(this.input.buffer)
  readonly #elements: ArrayLike<number | bigint>
  readonly #wide: boolean
  readonly #float: boolean
  readonly #signed: boolean
  readonly #histogram: ScalarHistogram | null
  readonly #counts: RefinementCounts
  readonly #ranges: readonly WordRange[]

  constructor(dtype: RealDType, refinement: RefinementPass) {
    this.#elements = elementsOf(dtype, this.input)
    this.#wide = itemsize(dtype) === 8
    this.#float = isFloat(dtype)
    this.#signed = dtype.startsWith('int')
    this.#histogram = refinement.histogram === null ? null : new ScalarHistogram(refinement.histogram)
    this.#counts = emptyCounts(refinement)
    this.#ranges = refinement.ranges.map((range, i) => wordRange(range, this.#counts.ranges[i] as Float64Array))
  }

  add(count: number): void {
    for (let i = 0; i < count; i++) {
      const value = this.#elements[i] as number | bigint
      if (typeof value === 'number' && !Number.isFinite(value)) continue
      if (this.#ranges.length > 0) this.#addToRanges(i)
      this.#histogram?.add(Number(value))
    }
  }

  counts(): RefinementCounts {
    return {
      ranges: this.#counts.ranges.map(counts => counts.slice()),
      histogram: this.#histogram?.counts() ?? null,
    }
  }

  #addToRanges(i: number): void {
    let low = this.#words[this.#wide ? 2 * i : i] as number
    let high = this.#wide ? (this.#words[2 * i + 1] as number) : 0
    const top = this.#wide ? high : low
    if (this.#float && (top & 0x7fffffff) === 0 && (!this.#wide || low === 0)) {
      // -0 has the key of 0.
      if (this.#wide) high = 0x80000000
      else low = 0x80000000
    } else if (this.#float && top >= 0x80000000) {
      low = ~low >>> 0
      if (this.#wide) high = ~high >>> 0
    } else if (this.#float || this.#signed) {
      if (this.#wide) high = (high ^ 0x80000000) >>> 0
      else low = (low ^ 0x80000000) >>> 0
    }
    for (const range of this.#ranges) {
      if (high < range.lowHigh || (high === range.lowHigh && low < range.lowLow)) continue
      if (high > range.highHigh || (high === range.highHigh && low > range.highLow)) continue
      const bin = shifted(high, low, range.shift) - shifted(range.lowHigh, range.lowLow, range.shift)
      range.counts[bin < 0 ? bin + 2 ** 32 : bin]! += 1
    }
  }
}

const wordRange = ({ low, high, shift }: KeyRange, counts: Float64Array): WordRange => ({
  lowHigh: Number(low >> 32n),
  lowLow: Number(low & 0xffffffffn),
  highHigh: Number(high >> 32n),
  highLow: Number(high & 0xffffffffn),
  shift,
  counts,
})

/** Returns the lowest 32 bits of a key shifted right. */
function shifted(high: number, low: number, shift: number): number {
  if (shift === 0) return low
  if (shift >= 32) return high >>> (shift - 32)
  return ((low >>> shift) | (high << (32 - shift))) >>> 0
}
