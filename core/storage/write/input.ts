import type { DType } from '../../format/dtype.ts'
import { bytesOf } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import { type ArrayLike, checkedArray, NDArray } from '../../array/ndarray.ts'

/**
 * An array as it comes from a user. `dtype` is what nested lists become, and raw bytes or pairs of numbers may be.
 * Throws `DTYPE`, `SHAPE`, `CASTING` or `ARGUMENT` for what is no array.
 */
export function toNDArray(value: ArrayLike, dtype?: DType): NDArray {
  if (value instanceof NDArray) return checkedArray(value)
  const isPlain = Array.isArray(value) || ArrayBuffer.isView(value)
  return NDArray.from(value, isPlain && dtype !== undefined && mayBecome(value, dtype) ? { dtype } : {})
}

/** Whether a list, or a typed array that has no dtype of its own, may be taken as elements of `dtype`. */
function mayBecome(value: unknown, dtype: DType): boolean {
  if (Array.isArray(value)) return true
  if (dtype === 'bool') return value instanceof Uint8Array
  if (dtype === 'complex64') return value instanceof Float32Array
  return dtype === 'complex128' && value instanceof Float64Array
}

/** An array's elements as they lie on disk. bools are 0 or 1 there, whatever the byte in memory. */
export function bytesToWrite(array: NDArray): Uint8Array {
  const bytes = bytesOf(array.data)
  if (array.dtype !== 'bool' || bytes.every(byte => byte <= 1)) return bytes
  return bytes.map(byte => (byte === 0 ? 0 : 1))
}

/**
 * The entries of `{ name: array }`. Throws `ARGUMENT` when it is something else: a Map or a promise has no entries of its
 * own and would be saved as nothing.
 */
export function entriesOf(arrays: Readonly<Record<string, ArrayLike>>): [string, ArrayLike][] {
  if (isPlainObject(arrays)) return Object.entries(arrays)
  throw new NumPackError('ARGUMENT', 'give the arrays by name: { name: array, ... }')
}

/** Whether this is an object literal, of this realm or another one, or one without prototype. */
function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
