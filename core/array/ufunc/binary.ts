import { type DType, itemsize, type TypedArray } from '../../format/dtype.ts'
import { componentsOf } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import * as complex from './loops-complex.ts'
import * as int64 from './loops-int64.ts'
import { bool, f32, f64, i32, roundToFloat32 } from './loops-real.ts'
import { type Operand, periodOf } from './operand.ts'
import { castingError, castsSameKind, kindOf, promote } from './promotion.ts'
import { vectorized } from './simd.ts'
import { unary } from './unary.ts'
import {
  allocateWork,
  type ComputeArray,
  type ComputeDtype,
  isNative,
  loadElements,
  storeElements,
  viewAsWork,
  widthOf,
} from './compute-dtype.ts'

export type BinaryOp = 'add' | 'subtract' | 'multiply' | 'divide' | 'power'

/** Elements per chunk: few enough that chunk and operand stay in the processor's nearest caches. */
const CHUNK = 4096

/** Changes whole elements in place; `first` is the C-order number of the first one, for operands that repeat. */
export type InPlace = (target: TypedArray, first: number) => void

/** Throws before any change: `CASTING` by NumPy's same_kind rule, `ARGUMENT` for integers to negative powers. */
export function binary(op: BinaryOp, dtype: DType, operand: Operand): InPlace {
  const result = resultDtype(op, dtype, operand.dtype)
  if (!castsSameKind(result, dtype)) throw castingError(op, result, dtype)
  const isInexact = kindOf(dtype) === 'float' || kindOf(dtype) === 'complex'
  const plainPower = op === 'power' && isInexact ? PLAIN_POWERS.get(operand.plain) : undefined
  if (plainPower !== undefined) return unary(plainPower, dtype)
  const computeDtype = computeDtypeOf(op, dtype, result)
  if (op === 'power' && (computeDtype === 'i32' || computeDtype === 'i64')) refuseNegativePowers(operand)
  const run = LOOPS[computeDtype][op]
  if (run === undefined) throw castingError(op, result, dtype)
  const next = chunksOf(op === 'power' && computeDtype === 'i32' ? 'i64' : computeDtype, operand)
  const roundFirst = dtype === 'float16' && result === 'float32'
  const native = isNative(dtype, computeDtype)
  const scratch = native ? null : allocateWork(computeDtype, CHUNK)
  const width = widthOf(computeDtype)
  return (target, first) => {
    const length = target.length / componentsOf(dtype)
    const whole = native ? viewAsWork(computeDtype, target) : null
    for (let start = 0; start < length; ) {
      const { elements, count } = next(first + start, Math.min(CHUNK, length - start))
      if (whole !== null) {
        run(whole.subarray(width * start, width * (start + count)), elements, count)
      } else {
        const work = scratch as ComputeArray
        loadElements(computeDtype, work, dtype, target, start, count)
        run(work, elements, count)
        if (roundFirst) roundToFloat32(work as Float64Array, count)
        storeElements(computeDtype, work, target, start, count)
      }
      start += count
    }
  }
}

/** Returns the dtype in which NumPy computes and rounds the result. Throws `CASTING` for differences of bools. */
function resultDtype(op: BinaryOp, a: DType, b: DType): DType {
  const both = promote(a, b)
  const kind = kindOf(both)
  if (op === 'divide' && kind !== 'float' && kind !== 'complex') return 'float64'
  if (op === 'power' && kind === 'bool') return 'int8'
  if (op === 'subtract' && kind === 'bool') {
    throw new NumPackError('CASTING', "bool arrays can't be subtracted, as in NumPy; change them with set().", {
      ufunc: op,
      from: b,
      to: a,
    })
  }
  return both
}

function computeDtypeOf(op: BinaryOp, dtype: DType, result: DType): ComputeDtype {
  const kind = kindOf(dtype)
  if (kind === 'bool') return 'bool'
  if (kind === 'complex') return result === 'complex64' ? 'c64' : 'c128'
  if (kind === 'float') return op !== 'power' && dtype === 'float32' && result === 'float32' ? 'f32' : 'f64'
  return itemsize(dtype) === 8 ? 'i64' : 'i32'
}

interface Loops {
  add?(a: ComputeArray, b: ComputeArray, n: number): void
  subtract?(a: ComputeArray, b: ComputeArray, n: number): void
  multiply?(a: ComputeArray, b: ComputeArray, n: number): void
  divide?(a: ComputeArray, b: ComputeArray, n: number): void
  power?(a: ComputeArray, b: ComputeArray, n: number): void
}

const LOOPS: Record<ComputeDtype, Loops> = {
  bool: { add: bool.add, multiply: bool.multiply },
  i32: {
    add: i32.add,
    subtract: i32.subtract,
    multiply: i32.multiply,
    power: i32.power,
  },
  i64: {
    add: int64.add,
    subtract: int64.subtract,
    multiply: int64.multiply,
    power: int64.power,
  },
  f32: {
    add: vectorized('f32', 'add', f32.add),
    subtract: vectorized('f32', 'subtract', f32.subtract),
    multiply: vectorized('f32', 'multiply', f32.multiply),
    divide: vectorized('f32', 'divide', f32.divide),
  },
  f64: {
    add: vectorized('f64', 'add', f64.add),
    subtract: vectorized('f64', 'subtract', f64.subtract),
    multiply: vectorized('f64', 'multiply', f64.multiply),
    divide: vectorized('f64', 'divide', f64.divide),
    power: f64.power,
  },
  c64: {
    add: complex.add,
    subtract: complex.subtract,
    multiply: complex.multiply(Math.fround),
    divide: complex.divide(Math.fround),
    power: complex.power(Math.fround),
  },
  c128: {
    add: complex.add,
    subtract: complex.subtract,
    multiply: complex.multiply(),
    divide: complex.divide(),
    power: complex.power(),
  },
}

/** Scalar powers for which NumPy's `**=` calls other functions. */
const PLAIN_POWERS = new Map<number | null, Parameters<typeof unary>[0]>([
  [2, 'square'],
  [-1, 'reciprocal'],
  [0.5, 'sqrt'],
])

function refuseNegativePowers(operand: Operand): void {
  if (kindOf(operand.dtype) !== 'int') return
  for (let i = 0; i < operand.data.length; i++) {
    const exponent = operand.data[i] as number | bigint
    if (exponent < 0) {
      throw new NumPackError('ARGUMENT', 'Integers to negative integer powers are not allowed. Use a float array.', {
        exponent: String(exponent),
      })
    }
  }
}

/** Returns a function that reads chunks of an operand in the compute dtype. Repeats short periods in advance. */
function chunksOf(
  computeDtype: ComputeDtype,
  operand: Operand,
): (first: number, most: number) => { elements: ComputeArray; count: number } {
  const { dtype, data } = operand
  const period = periodOf(operand)
  const width = widthOf(computeDtype)
  if (period <= CHUNK) {
    const repeats = Math.ceil(CHUNK / period) + 1
    const tile = allocateWork(computeDtype, period * repeats)
    loadElements(computeDtype, tile, dtype, data, 0, period)
    for (let i = 1; i < repeats; i++) tile.copyWithin(i * period * width, 0, period * width)
    return (first, count) => {
      const offset = (first % period) * width
      return { elements: offset === 0 ? tile : tile.subarray(offset), count }
    }
  }
  const native = isNative(dtype, computeDtype)
  const scratch = native ? viewAsWork(computeDtype, data) : allocateWork(computeDtype, CHUNK)
  return (first, most) => {
    const start = first % period
    const count = Math.min(most, period - start)
    if (native) return { elements: scratch.subarray(width * start, width * (start + count)), count }
    loadElements(computeDtype, scratch, dtype, data, start, count)
    // A new view each time, because its elements change each time.
    return { elements: scratch.subarray(0, width * count), count }
  }
}
