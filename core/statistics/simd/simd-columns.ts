import { type ColumnAccumulator, FIELD, FIELDS } from '../accumulators/column-accumulator.ts'
import type { ColumnKernel } from '../accumulators/kernel.ts'
import { fitsFloat32, type RealDType } from '../accumulators/sort-keys.ts'
import { KernelInstance } from './kernel-instance.ts'
import type { WasmModule } from './webassembly.ts'

/** Order of the element kinds in kernel/column-blocks.ts. */
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

/** The kernel has all fields except the lower words of 64-bit integers, and then the shifts. */
const KERNEL_FIELDS = FIELD.minLow
const SHIFTS = KERNEL_FIELDS

/** Whether the kernel supports a dtype: float64 must hold all its elements. */
export const hasColumns = (dtype: RealDType): boolean => KINDS.includes(dtype)

export class SimdColumns implements ColumnKernel {
  readonly #instance: KernelInstance
  readonly #kind: number
  readonly #narrow: boolean
  readonly #columns: number
  readonly #rows: Float64Array
  readonly #state: number
  readonly #add: (...args: (number | boolean)[]) => void

  constructor(module: WasmModule, dtype: RealDType, shifts: Float64Array) {
    this.#instance = new KernelInstance(module)
    this.#kind = KINDS.indexOf(dtype)
    this.#narrow = fitsFloat32(dtype)
    this.#columns = shifts.length
    this.#rows = new Float64Array(shifts.length)
    this.#state = this.#instance.call('startColumns', shifts.length) as number
    this.#add = this.#instance.functionOf('addColumns')
    this.#fields().set(shifts, SHIFTS * this.#stride)
  }

  get input(): Uint8Array {
    return this.#instance.input
  }

  add(rows: number, columns: number, from: number, first: number, step: number): void {
    this.#add(this.#kind, this.#narrow, rows, columns, from, first, step)
    for (let column = from; column < from + columns; column++) this.#rows[column]! += rows
  }

  columns(): ColumnAccumulator {
    const columns = this.#columns
    const fields = new Float64Array(FIELDS * columns)
    const own = this.#fields()
    for (let field = 0; field < KERNEL_FIELDS; field++) {
      fields.set(own.subarray(field * this.#stride, field * this.#stride + columns), field * columns)
    }
    return { columns, rows: this.#rows.slice(), fields }
  }

  /** The kernel pads fields to a multiple of four columns. */
  get #stride(): number {
    return 4 * Math.ceil(this.#columns / 4)
  }

  #fields(): Float64Array {
    return new Float64Array(this.#instance.buffer, this.#state, (KERNEL_FIELDS + 1) * this.#stride)
  }
}
