import { itemsize } from '../../format/dtype.ts'
import type { SurveyKernel } from '../accumulators/kernel.ts'
import { isFloat, type RealDType } from '../accumulators/keys.ts'
import type { Survey, SurveyCounts } from '../accumulators/survey.ts'
import { MovedCounts } from './counts.ts'
import { SimdHistogram } from './histogram.ts'
import { KernelInstance } from './instance.ts'
import type { WasmModule } from './webassembly.ts'

/** Where the counts of one range after the other begin (kernel/survey.ts). */
const RANGE_BINS = 16_400

/** Counts elements of 32 or 64 bits in ranges of keys and in a histogram. */
export class SimdSurvey implements SurveyKernel {
  readonly input: Uint8Array
  readonly #step: (count: number) => void
  readonly #ranges: readonly MovedCounts[]
  readonly #histogram: SimdHistogram | null

  constructor(module: WasmModule, dtype: RealDType, { ranges, histogram }: Survey) {
    const instance = new KernelInstance(module)
    const { buffer } = instance
    this.input = instance.input
    const keys = new BigUint64Array(buffer, instance.at('ranges'), 3 * ranges.length)
    for (const [i, { low, high, shift }] of ranges.entries()) keys.set([low, high, BigInt(shift)], 3 * i)
    this.#ranges = ranges.map(({ bins }, i) => {
      return new MovedCounts(new Uint32Array(buffer, instance.at('counts') + 4 * i * RANGE_BINS, bins), bins)
    })
    this.#histogram = histogram === null ? null : new SimdHistogram(instance, dtype, histogram)
    instance.call('startSurvey', ranges.length)
    const bits = 8 * itemsize(dtype)
    const step = instance.functionOf(isFloat(dtype) ? `surveyFloat${bits}` : `surveyIntegers${bits}`)
    const signed = dtype.startsWith('int') ? 1 : 0
    this.#step = count => step(count, signed)
  }

  add(count: number): void {
    for (const counts of this.#ranges) counts.expect(count)
    if (this.#ranges.length > 0) this.#step(count)
    this.#histogram?.add(count)
  }

  counts(): SurveyCounts {
    return {
      ranges: this.#ranges.map(counts => counts.settled()),
      histogram: this.#histogram?.counts() ?? null,
    }
  }
}
