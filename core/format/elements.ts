import type { DType, Scalar, TypedArray } from './dtype.ts'
import { itemsize } from './dtype.ts'
import { Float16Array } from './float16.ts'

type TypedArrayConstructor = {
  new (length: number): TypedArray
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray
  readonly BYTES_PER_ELEMENT: number
}

const CONSTRUCTORS: Record<DType, TypedArrayConstructor> = {
  bool: Uint8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float16: Float16Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
}

export const typedArrayOf = (dtype: DType): TypedArrayConstructor => CONSTRUCTORS[dtype]

/** Returns the numbers per element in the typed array: 2 for complex dtypes (re, im), otherwise 1. */
export const componentsOf = (dtype: DType): 1 | 2 => (dtype === 'complex64' || dtype === 'complex128' ? 2 : 1)

/** Views `bytes` as a typed array, copying only if they are not aligned. Drops trailing bytes. */
export function elementsOf(dtype: DType, bytes: Uint8Array): TypedArray {
  const constructor = CONSTRUCTORS[dtype]
  const length = Math.floor(bytes.byteLength / itemsize(dtype)) * componentsOf(dtype)
  const { buffer, byteOffset } = bytes.byteOffset % constructor.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice()
  return new constructor(buffer, byteOffset, length)
}

export const bytesOf = (data: TypedArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** Returns an array that Node reads files into: the bytes of a `Float16Array` that it doesn't know (float16.ts). */
export const nodeView = (data: TypedArray): NodeJS.ArrayBufferView => (ArrayBuffer.isView(data) ? data : bytesOf(data))

/** Returns element `index` (counting elements, not components). `index` must be in range. */
export function scalarAt(dtype: DType, data: TypedArray, index: number): Scalar {
  if (dtype === 'bool') return data[index] !== 0
  if (componentsOf(dtype) === 1) return data[index] as number | bigint
  return { re: data[2 * index] as number, im: data[2 * index + 1] as number }
}
