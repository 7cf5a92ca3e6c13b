import { type DType, itemsize, type Scalar, type TypedArray } from '../../format/dtype.ts'
import { componentsOf, typedArrayOf } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import { kindOf } from './promotion.ts'

export interface Operand {
  readonly dtype: DType
  /** One period in C order: one element for a scalar, one row for a row-shaped operand, otherwise all. */
  readonly data: TypedArray
  /** The number a caller passed, whose powers 2, -1 and 0.5 NumPy computes specially; otherwise null. */
  readonly plain: number | null
}

export const arrayOperand = (dtype: DType, data: TypedArray): Operand => ({ dtype, data, plain: null })

export const periodOf = (operand: Operand): number => operand.data.length / componentsOf(operand.dtype)

const isInteger = (value: number | bigint): boolean => typeof value === 'bigint' || Number.isInteger(value)

/**
 * Converts a scalar as NumPy 2 does beside `dtype`: weakly if its kind allows, otherwise to its kind's default dtype.
 * Throws `ARGUMENT` for an integer that an integer dtype cannot hold.
 */
export function scalarOperand(op: string, dtype: DType, value: Scalar): Operand {
  const resolved = weakDType(op, dtype, value)
  const data = new (typedArrayOf(resolved))(componentsOf(resolved))
  putScalar(resolved, data, 0, value)
  return {
    dtype: resolved,
    data,
    plain: typeof value === 'object' || typeof value === 'boolean' ? null : Number(value),
  }
}

function weakDType(op: string, dtype: DType, value: Scalar): DType {
  const kind = kindOf(dtype)
  if (typeof value === 'boolean') return 'bool'
  if (kind === 'complex') return dtype
  if (typeof value === 'object') return kind === 'float' && itemsize(dtype) < 8 ? 'complex64' : 'complex128'
  if (kind === 'float') return dtype
  if (!isInteger(value) || op === 'divide') return 'float64'
  return kind === 'bool' ? 'int64' : dtype
}

function putScalar(dtype: DType, data: TypedArray, index: number, value: Scalar): void {
  const kind = kindOf(dtype)
  if (kind === 'complex') {
    const { re, im } = typeof value === 'object' ? value : { re: Number(value), im: 0 }
    data[2 * index] = re
    data[2 * index + 1] = im
  } else if (typeof value === 'object') {
    throw new NumPackError('CASTING', `a complex number can't become ${dtype}`, { from: 'complex128', to: dtype })
  } else if (kind === 'int' || kind === 'uint') {
    checkBounds(dtype, value)
    data[index] = itemsize(dtype) === 8 ? BigInt(value) : Number(value)
  } else {
    const number = Number(value)
    if (typeof value === 'bigint' && !Number.isFinite(number)) {
      throw new NumPackError('ARGUMENT', `${value} is too large for ${dtype}.`, { value: String(value), dtype })
    }
    data[index] = number
  }
}

function checkBounds(dtype: DType, value: number | bigint | boolean): void {
  const bits = BigInt(8 * itemsize(dtype))
  const signed = kindOf(dtype) === 'int'
  const low = signed ? -(1n << (bits - 1n)) : 0n
  const high = (1n << (signed ? bits - 1n : bits)) - 1n
  const integer = BigInt(value)
  if (integer < low || integer > high) {
    throw new NumPackError('ARGUMENT', `${value} is out of bounds for ${dtype} (${low} to ${high}).`, {
      value: String(value),
      dtype,
    })
  }
  if (bits === 64n && typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new NumPackError('ARGUMENT', `${value} is not exact as a number; give a bigint for ${dtype}.`, {
      value,
      dtype,
    })
  }
}
