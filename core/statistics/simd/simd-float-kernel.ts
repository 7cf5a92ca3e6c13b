import type { AccumulatorKernel, Wanted } from '../accumulators/kernel.ts'
import { sortKeysOf, type RealDType } from '../accumulators/sort-keys.ts'
import type { Accumulator } from '../accumulators/accumulator.ts'
import { WideCounts } from './wide-counts.ts'
import { SimdHistogram } from './simd-histogram.ts'
import { KernelInstance } from './kernel-instance.ts'
import type { WasmModule } from './webassembly.ts'

/** Sizes of the kernel's sum tables (kernel/memory-layout.ts). */
const SUM_WEIGHTS = 2200
const SQUARE_WEIGHTS = 4400
/** Elements that may be added before an entry could overflow. */
const MAX_UNFLUSHED = 2 ** 30

export class SimdFloatKernel implements AccumulatorKernel {
  readonly #instance: KernelInstance
  readonly #bins: WideCounts | null
  readonly #distinct: boolean
  readonly #steps: ((count: number, first: number) => void)[]
  readonly #histogram: SimdHistogram | null
  #count = 0
  #unflushed = 0
  #sum = 0n
  #squares = 0n

  constructor(module: WasmModule, dtype: RealDType, wanted: Wanted) {
    const instance = new KernelInstance(module)
    const name = dtype === 'float32' ? 'Float32' : 'Float64'
    const { bins } = sortKeysOf(dtype)
    this.#instance = instance
    this.#distinct = wanted.distinct
    this.#bins = wanted.bins
      ? new WideCounts(new Uint32Array(instance.buffer, instance.at('counts'), bins), bins)
      : null
    this.#histogram = wanted.histogram === null ? null : new SimdHistogram(instance, dtype, wanted.histogram)
    this.#steps = [
      instance.functionOf(`accumulate${name}`),
      ...(wanted.bins ? [instance.functionOf(`bin${name}`)] : []),
      ...(wanted.distinct ? [instance.functionOf(`addDistinct${name}`)] : []),
    ]
  }

  get input(): Uint8Array {
    return this.#instance.input
  }

  add(count: number, first: number): void {
    this.#bins?.expect(count)
    this.#unflushed += count
    if (this.#unflushed > MAX_UNFLUSHED) this.#flush()
    for (const step of this.#steps) step(count, first)
    this.#histogram?.add(count)
    this.#count += count
  }

  accumulator(): Accumulator {
    const instance = this.#instance
    const variable = (name: string): number => instance.variable(name) as number
    const extreme = (name: 'min' | 'max'): Accumulator['min'] => {
      const at = variable(`${name}At`)
      return at === Number.POSITIVE_INFINITY ? null : { value: variable(name), at }
    }
    this.#flush()
    return {
      count: this.#count,
      nan: variable('nan'),
      positiveInfinity: variable('positiveInfinity'),
      negativeInfinity: variable('negativeInfinity'),
      zeros: variable('zeros'),
      min: extreme('min'),
      max: extreme('max'),
      sum: this.#sum,
      squares: this.#squares,
      bins: this.#bins?.counts() ?? null,
      registers: this.#distinct ? instance.registers() : null,
      histogram: this.#histogram?.counts() ?? null,
    }
  }

  #flush(): void {
    this.#sum += takeSum(this.#instance, 'sums', SUM_WEIGHTS)
    this.#squares += takeSum(this.#instance, 'squares', SQUARE_WEIGHTS)
    this.#unflushed = 0
  }
}

/** Sums and clears a table whose entry w holds multiples of 2^w and of 2^(w + 32). */
function takeSum(instance: KernelInstance, name: 'sums' | 'squares', weights: number): bigint {
  const entries = new BigInt64Array(instance.buffer, instance.at(name), 2 * weights)
  const words = new Int32Array(instance.buffer, instance.at(name), 4 * weights)
  let sum = 0n
  for (let weight = 0; weight < weights; weight++) {
    const at = 4 * weight
    if (
      ((words[at] as number) | (words[at + 1] as number) | (words[at + 2] as number) | (words[at + 3] as number)) ===
      0
    )
      continue
    sum += ((entries[2 * weight] as bigint) + ((entries[2 * weight + 1] as bigint) << 32n)) << BigInt(weight)
  }
  entries.fill(0n)
  return sum
}
