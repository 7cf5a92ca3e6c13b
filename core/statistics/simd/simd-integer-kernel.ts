import { itemsize } from '../../format/dtype.ts'
import type { AccumulatorKernel, Wanted } from '../accumulators/kernel.ts'
import { sortKeysOf, type RealDType } from '../accumulators/sort-keys.ts'
import type { Accumulator } from '../accumulators/accumulator.ts'
import { WideCounts } from './wide-counts.ts'
import { SimdHistogram } from './simd-histogram.ts'
import { KernelInstance } from './kernel-instance.ts'
import type { WasmModule } from './webassembly.ts'

/** Elements that may be added before the kernel's 64-bit sums could overflow. */
const MAX_UNFLUSHED = 2 ** 30

export class SimdIntegerKernel implements AccumulatorKernel {
  readonly #instance: KernelInstance
  readonly #bins: WideCounts | null
  readonly #distinct: boolean
  readonly #wide: boolean
  readonly #signed: boolean
  /** Added to elements to make them unsigned. */
  readonly #offset: bigint
  readonly #accumulate: (count: number, first: number) => void
  readonly #steps: ((count: number, signed: number) => void)[]
  readonly #histogram: SimdHistogram | null
  #count = 0
  #unflushed = 0
  /** Sums of the offset elements that were taken from the kernel. */
  #sum = 0n
  #squares = 0n

  constructor(module: WasmModule, dtype: RealDType, wanted: Wanted) {
    const instance = new KernelInstance(module)
    const { bins } = sortKeysOf(dtype)
    this.#instance = instance
    this.#distinct = wanted.distinct
    this.#wide = itemsize(dtype) === 8
    this.#signed = dtype.startsWith('int')
    this.#offset = this.#signed ? 1n << BigInt(8 * itemsize(dtype) - 1) : 0n
    this.#bins = wanted.bins
      ? new WideCounts(new Uint32Array(instance.buffer, instance.at('counts'), bins), bins)
      : null
    const bits = this.#wide ? 64 : 32
    const accumulate = instance.functionOf(`accumulateIntegers${bits}`)
    const flip = this.#wide ? BigInt.asIntN(64, this.#offset) : Number(this.#offset) | 0
    this.#accumulate = (count, first) => accumulate(count, first, flip)
    this.#histogram = wanted.histogram === null ? null : new SimdHistogram(instance, dtype, wanted.histogram)
    this.#steps = [
      ...(wanted.bins ? [instance.functionOf(`binIntegers${bits}`)] : []),
      ...(wanted.distinct ? [instance.functionOf(`addDistinctIntegers${bits}`)] : []),
    ]
  }

  get input(): Uint8Array {
    return this.#instance.input
  }

  add(count: number, first: number): void {
    this.#bins?.expect(count)
    this.#unflushed += count
    if (this.#unflushed > MAX_UNFLUSHED) this.#flush()
    this.#accumulate(count, first)
    for (const step of this.#steps) step(count, this.#signed ? 1 : 0)
    this.#histogram?.add(count)
    this.#count += count
  }

  accumulator(): Accumulator {
    const instance = this.#instance
    return {
      count: this.#count,
      nan: 0,
      positiveInfinity: 0,
      negativeInfinity: 0,
      zeros: instance.variable('zeros') as number,
      min: this.#extreme('least'),
      max: this.#extreme('greatest'),
      ...this.#sums(),
      bins: this.#bins?.counts() ?? null,
      registers: this.#distinct ? instance.registers() : null,
      histogram: this.#histogram?.counts() ?? null,
    }
  }

  #extreme(name: 'least' | 'greatest'): Accumulator['min'] {
    const at = this.#instance.variable(`${name}At`) as number
    if (at === Number.POSITIVE_INFINITY) return null
    const value = BigInt.asUintN(64, this.#instance.variable(name) as bigint) - this.#offset
    return { value: this.#wide ? value : Number(value), at }
  }

  /** Converts sums of u = x + offset and u² to sums of x and x². */
  #sums(): { sum: bigint; squares: bigint } {
    this.#flush()
    const count = BigInt(this.#count)
    const offset = this.#offset
    const sum = this.#sum - count * offset
    return { sum, squares: this.#squares - 2n * offset * this.#sum + count * offset * offset }
  }

  #flush(): void {
    const take = (name: string): bigint => this.#instance.take(name)
    this.#sum += take('sumLow') + (take('sumHigh') << 32n)
    this.#squares += take('lowLow') + (take('lowLowHigh') << 32n)
    this.#squares += (take('lowHigh') << 33n) + (take('lowHighHigh') << 65n)
    this.#squares += (take('highHigh') << 64n) + (take('highHighHigh') << 96n)
    this.#unflushed = 0
  }
}
