import { type ColumnTally, FIELD, FIELDS } from '../accumulators/columns.ts'
import type { ColumnKernel } from '../accumulators/kernel.ts'
import { isNarrow, type RealDType } from '../accumulators/keys.ts'
import { KernelInstance } from './instance.ts'
import type { WasmModule } from './webassembly.ts'

/** How elements lie in memory, as kernel/columns.ts numbers it. */
const KINDS: readonly RealDType[] = [
  'float32',
  'float64',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'bool',
  'float16',
]

/** The fields that the kernel has: all but the lower words of 64-bit integers, then the centers. */
const KERNEL_FIELDS = FIELD.minLow
const CENTERS = KERNEL_FIELDS

/** Whether the kernel has a dtype: float64 holds all its elements. */
export const hasColumns = (dtype: RealDType): boolean => KINDS.includes(dtype)

/** Tallies columns of a dtype whose elements are all float64 as well. */
export class SimdColumns implements ColumnKernel {
  readonly #instance: KernelInstance
  readonly #kind: number
  readonly #narrow: boolean
  readonly #columns: number
  readonly #rows: Float64Array
  readonly #state: number
  readonly #add: (...args: (number | boolean)[]) => void

  constructor(module: WasmModule, dtype: RealDType, centers: Float64Array) {
    this.#instance = new KernelInstance(module)
    this.#kind = KINDS.indexOf(dtype)
    this.#narrow = isNarrow(dtype)
    this.#columns = centers.length
    this.#rows = new Float64Array(centers.length)
    this.#state = this.#instance.call('startColumns', centers.length) as number
    this.#add = this.#instance.functionOf('addColumns')
    this.#fields().set(centers, CENTERS * this.#stride)
  }

  get input(): Uint8Array {
    return this.#instance.input
  }

  add(rows: number, columns: number, from: number, first: number, step: number): void {
    this.#add(this.#kind, this.#narrow, rows, columns, from, first, step)
    for (let column = from; column < from + columns; column++) this.#rows[column]! += rows
  }

  columns(): ColumnTally {
    const columns = this.#columns
    const fields = new Float64Array(FIELDS * columns)
    const own = this.#fields()
    for (let field = 0; field < KERNEL_FIELDS; field++) {
      fields.set(own.subarray(field * this.#stride, field * this.#stride + columns), field * columns)
    }
    return { columns, rows: this.#rows.slice(), fields }
  }

  /** Fields have room for a multiple of four columns. */
  get #stride(): number {
    return 4 * Math.ceil(this.#columns / 4)
  }

  #fields(): Float64Array {
    return new Float64Array(this.#instance.buffer, this.#state, (KERNEL_FIELDS + 1) * this.#stride)
  }
}
