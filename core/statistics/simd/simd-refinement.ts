import { itemsize } from '../../format/dtype.ts'
import type { RefinementKernel } from '../accumulators/kernel.ts'
import { isFloat, type RealDType } from '../accumulators/sort-keys.ts'
import type { RefinementPass, RefinementCounts } from '../accumulators/refinement-pass.ts'
import { WideCounts } from './wide-counts.ts'
import { SimdHistogram } from './simd-histogram.ts'
import { KernelInstance } from './kernel-instance.ts'
import type { WasmModule } from './webassembly.ts'

/** Distance between the counts of two ranges (kernel/range-counts.ts). */
const RANGE_BINS = 16_400

export class SimdRefinement implements RefinementKernel {
  readonly input: Uint8Array
  readonly #step: (count: number) => void
  readonly #ranges: readonly WideCounts[]
  readonly #histogram: SimdHistogram | null

  constructor(module: WasmModule, dtype: RealDType, { ranges, histogram }: RefinementPass) {
    const instance = new KernelInstance(module)
    const { buffer } = instance
    this.input = instance.input
    const keys = new BigUint64Array(buffer, instance.at('ranges'), 3 * ranges.length)
    for (const [i, { low, high, shift }] of ranges.entries()) keys.set([low, high, BigInt(shift)], 3 * i)
    this.#ranges = ranges.map(({ bins }, i) => {
      return new WideCounts(new Uint32Array(buffer, instance.at('counts') + 4 * i * RANGE_BINS, bins), bins)
    })
    this.#histogram = histogram === null ? null : new SimdHistogram(instance, dtype, histogram)
    instance.call('startRangeCounts', ranges.length)
    const bits = 8 * itemsize(dtype)
    const step = instance.functionOf(isFloat(dtype) ? `countRangesFloat${bits}` : `countRangesIntegers${bits}`)
    const signed = dtype.startsWith('int') ? 1 : 0
    this.#step = count => step(count, signed)
  }

  add(count: number): void {
    for (const counts of this.#ranges) counts.expect(count)
    if (this.#ranges.length > 0) this.#step(count)
    this.#histogram?.add(count)
  }

  counts(): RefinementCounts {
    return {
      ranges: this.#ranges.map(counts => counts.counts()),
      histogram: this.#histogram?.counts() ?? null,
    }
  }
}
