import { type DType, itemsize, type TypedArray } from '../../format/dtype.ts'
import { componentsOf } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import type { InPlace } from './binary.ts'
import { apply, functions, roundHalfEven } from './loops-complex.ts'
import * as int64 from './loops-int64.ts'
import { castingError, castsSameKind, floatFor, kindOf } from './promotion.ts'
import { applySimd, hasSimd, isInSimdBlock } from './simd.ts'
import { halvesOf } from './compute-dtype.ts'

export const UNARY_OPS = [
  'sqrt',
  'square',
  'exp',
  'log',
  'log2',
  'log10',
  'sin',
  'cos',
  'absolute',
  'negative',
  'floor',
  'ceil',
  'rint',
] as const

export type UnaryOp = (typeof UNARY_OPS)[number]

const CHUNK = 2048

/** 1/x for floats and complex numbers; NumPy uses it for `x ** -1`. */
type Reciprocal = 'reciprocal'

/** Effect on integers: keep integers, leave them unchanged, or require floats. */
const ON_INTEGERS: Record<UnaryOp, 'integer' | 'same' | 'float'> = {
  sqrt: 'float',
  square: 'integer',
  exp: 'float',
  log: 'float',
  log2: 'float',
  log10: 'float',
  sin: 'float',
  cos: 'float',
  absolute: 'integer',
  negative: 'integer',
  floor: 'same',
  ceil: 'same',
  rint: 'float',
}

/** Prepares a function for an array of `dtype`. Throws `CASTING` before any change if NumPy refuses it. */
export function unary(op: UnaryOp | Reciprocal, dtype: DType): InPlace {
  const kind = kindOf(dtype)
  if (kind === 'complex') return complexFunction(op, dtype)
  if (kind === 'float') return realFunction(op)
  if (op === 'reciprocal' || (kind === 'bool' && op === 'negative')) throw noLoop(op, dtype)
  const integers = ON_INTEGERS[op]
  if (integers === 'same' || (op === 'absolute' && kind !== 'int')) return () => {}
  const result = integers === 'float' ? floatFor(dtype) : kind === 'bool' ? 'int8' : dtype
  if (!castsSameKind(result, dtype)) throw castingError(op, result, dtype)
  const wide = itemsize(dtype) === 8 ? WIDE[op] : undefined
  return wide === undefined ? integerFunction(op) : target => wide(halvesOf(target))
}

const noLoop = (op: UnaryOp | Reciprocal, dtype: DType): NumPackError =>
  new NumPackError('CASTING', `'${op}' is not there for ${dtype}, as in NumPy.`, { ufunc: op, from: dtype, to: dtype })

function complexFunction(op: UnaryOp | Reciprocal, dtype: DType): InPlace {
  const work = functions[op]
  if (work === undefined) throw noLoop(op, dtype)
  return target => apply(target as Float64Array, target.length / componentsOf(dtype), work)
}

function realFunction(op: UnaryOp | Reciprocal): InPlace {
  const loop = REAL[op]
  const scratch = new Float64Array(CHUNK)
  return target => {
    const isSimd = hasSimd(op) && isInSimdBlock(target)
    const done = isSimd && isVector(target) ? applySimd(op, target) : 0
    if (target instanceof Float64Array) return loop(target.subarray(done))
    for (let start = done; start < target.length; start += CHUNK) {
      const count = Math.min(CHUNK, target.length - start)
      const work = count === CHUNK ? scratch : scratch.subarray(0, count)
      work.set(target.subarray(start, start + count) as Float32Array)
      loop(work)
      ;(target as Float32Array).set(work, start)
    }
  }
}

const isVector = (data: TypedArray): data is Float32Array | Float64Array =>
  data instanceof Float32Array || data instanceof Float64Array

function integerFunction(op: UnaryOp): InPlace {
  const loop = INTEGER[op] as (a: Int32Array) => void
  const scratch = new Int32Array(CHUNK)
  return target => {
    for (let start = 0; start < target.length; start += CHUNK) {
      const count = Math.min(CHUNK, target.length - start)
      const work = count === CHUNK ? scratch : scratch.subarray(0, count)
      work.set(target.subarray(start, start + count) as Int32Array)
      loop(work)
      ;(target as Int32Array).set(work, start)
    }
  }
}

const INTEGER: Partial<Record<UnaryOp, (a: Int32Array) => void>> = {
  square: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.imul(a[i] as number, a[i] as number)
  },
  absolute: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.abs(a[i] as number)
  },
  negative: a => {
    for (let i = 0; i < a.length; i++) a[i] = -(a[i] as number)
  },
}

/** 64-bit integers as halves. */
const WIDE: Partial<Record<UnaryOp, (a: Uint32Array) => void>> = {
  square: a => int64.multiply(a, a, a.length / 2),
  absolute: a => int64.absolute(a, a.length / 2),
  negative: a => int64.negative(a, a.length / 2),
}

/** One loop per function, so that V8 compiles each for its function. */
const REAL: Record<UnaryOp | Reciprocal, (a: Float64Array) => void> = {
  sqrt: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.sqrt(a[i] as number)
  },
  square: a => {
    for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) * (a[i] as number)
  },
  reciprocal: a => {
    for (let i = 0; i < a.length; i++) a[i] = 1 / (a[i] as number)
  },
  exp: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.exp(a[i] as number)
  },
  log: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.log(a[i] as number)
  },
  log2: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.log2(a[i] as number)
  },
  log10: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.log10(a[i] as number)
  },
  sin: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.sin(a[i] as number)
  },
  cos: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.cos(a[i] as number)
  },
  absolute: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.abs(a[i] as number)
  },
  negative: a => {
    for (let i = 0; i < a.length; i++) a[i] = -(a[i] as number)
  },
  floor: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.floor(a[i] as number)
  },
  ceil: a => {
    for (let i = 0; i < a.length; i++) a[i] = Math.ceil(a[i] as number)
  },
  rint: a => {
    for (let i = 0; i < a.length; i++) a[i] = roundHalfEven(a[i] as number)
  },
}
