import type { DType } from '../../format/dtype.ts'
import { bytesOf } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import { isArrayBufferView } from '../../format/float16.ts'
import { type ArrayLike, checkedArray, NDArray } from '../../array/ndarray.ts'
import { checkName } from './names.ts'

/** Converts a value; `dtype` is for values without their own. Throws `DTYPE`, `SHAPE`, `CASTING` or `ARGUMENT`. */
export function toNDArray(value: ArrayLike, dtype?: DType): NDArray {
  if (value instanceof NDArray) return checkedArray(value)
  const isPlain = Array.isArray(value) || isArrayBufferView(value)
  return NDArray.from(value, isPlain && dtype !== undefined && mayBecome(value, dtype) ? { dtype } : {})
}

/** Whether a list, or a typed array without its own dtype, may be taken as `dtype`. */
function mayBecome(value: unknown, dtype: DType): boolean {
  if (Array.isArray(value)) return true
  if (dtype === 'bool') return value instanceof Uint8Array
  if (dtype === 'complex64') return value instanceof Float32Array
  return dtype === 'complex128' && value instanceof Float64Array
}

/** Returns the elements as on disk: bools as 0 or 1, whatever the byte in memory. */
export function bytesToWrite(array: NDArray): Uint8Array {
  const bytes = bytesOf(array.data)
  if (array.dtype !== 'bool' || bytes.every(byte => byte <= 1)) return bytes
  return bytes.map(byte => (byte === 0 ? 0 : 1))
}

/** Throws `ARGUMENT` unless it is a plain object: a Map or a promise would be saved as nothing. */
export function entriesOf(arrays: Readonly<Record<string, ArrayLike>>): [string, ArrayLike][] {
  if (isPlainObject(arrays)) return Object.entries(arrays)
  throw new NumPackError('ARGUMENT', 'give the arrays by name: { name: array, ... }')
}

export const namesOf = (entries: readonly (readonly [string, unknown])[]): string[] => entries.map(([name]) => name)

/** Throws `ARGUMENT`, `NAME`, `DTYPE`, `CASTING` or `SHAPE`. */
export function arraysToSave(arrays: Readonly<Record<string, ArrayLike>>): { name: string; array: NDArray }[] {
  return entriesOf(arrays).map(([name, value]) => {
    checkName(name)
    const array = toNDArray(value)
    if (array.ndim > 0) return { name, array }
    throw new NumPackError('SHAPE', `'${name}' is 0-D, which NumPack can't read. Save it with shape (1,).`, {
      array: name,
    })
  })
}

/** Also true for objects of another realm or without a prototype. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
