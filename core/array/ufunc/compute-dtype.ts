import { type DType, itemsize, type TypedArray } from '../../format/dtype.ts'
import { kindOf } from './promotion.ts'

/** The few dtypes in which loops compute: V8's code for many kinds of typed arrays is ten times slower. */
export type ComputeDtype = 'bool' | 'i32' | 'i64' | 'f32' | 'f64' | 'c64' | 'c128'

/** i32 is modulo 2^32, i64 pairs of 32-bit halves (low, high), complex pairs (re, im). */
export type ComputeArray = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array

/** Returns how many entries of a compute array hold one element. */
export const widthOf = (computeDtype: ComputeDtype): 1 | 2 =>
  computeDtype === 'i64' || computeDtype === 'c64' || computeDtype === 'c128' ? 2 : 1

/** Allocates an array in which loops compute `count` elements. */
export function allocateWork(computeDtype: ComputeDtype, count: number): ComputeArray {
  return new ARRAYS[computeDtype](count * widthOf(computeDtype))
}

const ARRAYS: Record<ComputeDtype, new (length: number) => ComputeArray> = {
  bool: Uint8Array,
  i32: Int32Array,
  i64: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
  c64: Float32Array,
  c128: Float64Array,
}

/** Views 64-bit integers as pairs of 32-bit halves (low, high). */
export const halvesOf = (data: TypedArray): Uint32Array =>
  new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4)

/** Whether the memory layout of a dtype is that of the compute dtype, so that loops can run in place. */
export const isNative = (dtype: DType, computeDtype: ComputeDtype): boolean => NATIVE[computeDtype].includes(dtype)

const NATIVE: Record<ComputeDtype, readonly DType[]> = {
  bool: ['bool'],
  i32: ['int32'],
  i64: ['int64', 'uint64'],
  f32: ['float32'],
  f64: ['float64'],
  c64: ['complex64'],
  c128: ['complex128'],
}

/** Views elements as a compute array, without conversion. Their dtype must be native. */
export const viewAsWork = (computeDtype: ComputeDtype, data: TypedArray): ComputeArray =>
  computeDtype === 'i64' ? halvesOf(data) : (data as ComputeArray)

/** Converts elements, from `start` on, into `work`. Integers wrap or extend; a bool byte other than 0 becomes 1. */
export function loadElements(
  computeDtype: ComputeDtype,
  work: ComputeArray,
  dtype: DType,
  data: TypedArray,
  start: number,
  count: number,
): void {
  if (dtype === 'bool') return loadBool(computeDtype, work, data as Uint8Array, start, count)
  const wide = itemsize(dtype) === 8 && (kindOf(dtype) === 'int' || kindOf(dtype) === 'uint')
  if (kindOf(dtype) === 'complex') {
    ;(work as Float64Array).set(data.subarray(2 * start, 2 * (start + count)) as Float64Array)
  } else if (computeDtype === 'i64') {
    if (wide) work.set(halvesOf(data).subarray(2 * start, 2 * (start + count)))
    else loadHalves(work as Uint32Array, data as Int32Array, start, count)
  } else if (computeDtype === 'c64' || computeDtype === 'c128') {
    if (wide) loadWide(work, dtype, halvesOf(data), start, count, 2)
    else loadReal(work, data as Float64Array, start, count)
    for (let i = 1; i < 2 * count; i += 2) work[i] = 0
  } else if (wide) {
    if (computeDtype === 'i32') loadLowHalves(work as Int32Array, halvesOf(data), start, count)
    else loadWide(work, dtype, halvesOf(data), start, count, 1)
  } else {
    work.set(data.subarray(start, start + count) as Float64Array)
  }
}

function loadBool(
  computeDtype: ComputeDtype,
  work: ComputeArray,
  data: Uint8Array,
  start: number,
  count: number,
): void {
  const width = widthOf(computeDtype)
  if (width === 2) work.fill(0, 0, 2 * count)
  for (let i = 0; i < count; i++) work[width * i] = data[start + i] === 0 ? 0 : 1
}

function loadHalves(work: Uint32Array, data: Int32Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) {
    const value = data[start + i] as number
    work[2 * i] = value
    work[2 * i + 1] = value < 0 ? -1 : 0
  }
}

function loadLowHalves(work: Int32Array, halves: Uint32Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) work[i] = halves[2 * (start + i)] as number
}

function loadReal(work: ComputeArray, data: Float64Array, start: number, count: number): void {
  for (let i = 0; i < count; i++) work[2 * i] = data[start + i] as number
}

/** Converts 64-bit integers to the nearest doubles: the high half is exact, so only the sum is rounded. */
function loadWide(
  work: ComputeArray,
  dtype: DType,
  halves: Uint32Array,
  start: number,
  count: number,
  step: number,
): void {
  const signed = dtype === 'int64'
  for (let i = 0; i < count; i++) {
    const low = halves[2 * (start + i)] as number
    const high = halves[2 * (start + i) + 1] as number
    work[step * i] = (signed ? high | 0 : high) * 2 ** 32 + low
  }
}

/** Writes the elements of `work` to `data` from `start` on, converted as typed arrays do. */
export function storeElements(
  computeDtype: ComputeDtype,
  work: ComputeArray,
  data: TypedArray,
  start: number,
  count: number,
): void {
  const width = computeDtype === 'c64' || computeDtype === 'c128' ? 2 : 1
  ;(data as Float64Array).set(work.subarray(0, width * count), width * start)
}
