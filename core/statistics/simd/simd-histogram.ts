import { itemsize } from '../../format/dtype.ts'
import type { Edges } from '../accumulators/histogram.ts'
import { isFloat, type RealDType } from '../accumulators/sort-keys.ts'
import { WideCounts } from './wide-counts.ts'
import type { KernelInstance } from './kernel-instance.ts'

export class SimdHistogram {
  readonly #counts: WideCounts
  readonly #step: (count: number) => void

  constructor(instance: KernelInstance, dtype: RealDType, { edges, scale }: Edges) {
    const entries = edges.length + 1
    new Float64Array(instance.buffer, instance.at('edges'), edges.length).set(edges)
    this.#counts = new WideCounts(new Uint32Array(instance.buffer, instance.at('histogram'), 4 * entries), entries)
    instance.call('startHistogram', edges.length - 1, scale === 'log' ? 1 : 0)
    const step = instance.functionOf(`histogram${isFloat(dtype) ? 'Float' : 'Integers'}${8 * itemsize(dtype)}`)
    const signed = dtype.startsWith('int') ? 1 : 0
    this.#step = count => step(count, signed)
  }

  add(count: number): void {
    this.#counts.expect(count)
    this.#step(count)
  }

  /** Returns the counts per bin, then below and above. */
  counts(): Float64Array {
    return this.#counts.counts()
  }
}
