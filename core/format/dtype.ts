/** The element types of NumPack 0.7 and their codes in `metadata.npkm` (docs/format.md 1.4), in code order. */
export const DTYPES = [
  'bool',
  'uint8',
  'uint16',
  'uint32',
  'uint64',
  'int8',
  'int16',
  'int32',
  'int64',
  'float16',
  'float32',
  'float64',
  'complex64',
  'complex128',
] as const

/** Name of a dtype in NumPy. */
export type DType = (typeof DTYPES)[number]

/** Typed arrays for elements; complex dtypes interleave re and im. */
export type TypedArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float16Array
  | Float32Array
  | Float64Array

/** Value of one element. 64-bit integers are bigint to stay exact. */
export type Scalar = number | bigint | boolean | { re: number; im: number }

const ITEMSIZE: Record<DType, number> = {
  bool: 1,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  float16: 2,
  float32: 4,
  float64: 8,
  complex64: 8,
  complex128: 16,
}

export const itemsize = (dtype: DType): number => ITEMSIZE[dtype]

export const dtypeOfCode = (code: number): DType | undefined => DTYPES[code]

export const codeOfDtype = (dtype: DType): number => DTYPES.indexOf(dtype)
