import { type DType, itemsize } from './dtype.ts'
import { numbersOf, type Part } from './numbers.ts'
import { formatScalar, viewOf } from './text.ts'

/** A real number as an array holds it: bigint for 64-bit integers, which a float64 would round. */
export type Value = number | bigint

/** Real numbers of one array, without rounding. */
export type Values = Float64Array | BigInt64Array | BigUint64Array

export const isWide = (dtype: DType): dtype is 'int64' | 'uint64' => dtype === 'int64' || dtype === 'uint64'

export const isInteger = (dtype: DType): boolean => dtype === 'bool' || /^u?int/.test(dtype)

/** Converts elements to real numbers, exactly: bool to 0 and 1, complex numbers to one of their parts. */
export function valuesOf(dtype: DType, bytes: Uint8Array<ArrayBuffer>, part: Part): Values {
  if (!isWide(dtype)) return numbersOf(dtype, bytes, part)
  const data = viewOf(dtype, bytes.buffer, bytes.byteOffset, bytes.byteLength / itemsize(dtype))
  return data as BigInt64Array | BigUint64Array
}

/** Creates zeros that hold the values of a dtype exactly. */
export function zerosFor(dtype: DType, length: number): Values {
  if (dtype === 'int64') return new BigInt64Array(length)
  return dtype === 'uint64' ? new BigUint64Array(length) : new Float64Array(length)
}

/** Returns one column of rows that have `width` elements each. */
export function columnOf(values: Values, width: number, column: number): Values {
  const picked = values.slice(0, Math.floor(values.length / width))
  for (let row = 0; row < picked.length; row++) picked[row] = values[row * width + column]!
  return picked
}

/** Views float64 fields as the values whose bits they hold: exact for 64-bit integers. */
export function viewFields(dtype: DType, { buffer, byteOffset, length }: Float64Array): Values {
  if (dtype === 'int64') return new BigInt64Array(buffer, byteOffset, length)
  return dtype === 'uint64'
    ? new BigUint64Array(buffer, byteOffset, length)
    : new Float64Array(buffer, byteOffset, length)
}

export const isFiniteValue = (value: Value): boolean => typeof value === 'bigint' || Number.isFinite(value)

/** Returns a - b; of two 64-bit integers, the float64 nearest to the exact difference. */
export const differenceOf = (a: Value, b: Value): number =>
  typeof a === 'bigint' && typeof b === 'bigint' ? Number(a - b) : Number(a) - Number(b)

/** Returns the finite values in ascending order. */
export function sortedFinite(values: Values): Values {
  return values instanceof Float64Array ? values.filter(Number.isFinite).sort() : values.slice().sort()
}

/** Returns the smallest and the largest finite value; null if no value is finite. */
export function extentOf(values: Iterable<Value>): readonly [low: Value, high: Value] | null {
  let low: Value | null = null
  let high: Value | null = null
  for (const value of values) {
    if (!isFiniteValue(value)) continue
    if (low === null || value < low) low = value
    if (high === null || value > high) high = value
  }
  return low === null || high === null ? null : [low, high]
}

/**
 * Returns a function that maps `low` to 0, `high` to 1, other values in proportion and NaN to NaN. If `low` equals
 * `high`, it maps them to 0.5, smaller values to 0 and larger ones to 1. It never decreases, whatever the magnitude.
 */
export function shareBetween(low: Value, high: Value): (value: Value) => number {
  if (typeof low === 'bigint' && typeof high === 'bigint') {
    const width = Number(high - low)
    return value => {
      const difference = differenceOf(value, low)
      return width > 0 ? difference / width : levelShare(difference)
    }
  }
  const [from, to] = [Number(low), Number(high)]
  const width = to - from
  if (!(width > 0)) return value => levelShare(Number(value) - from)
  // The difference exceeds the largest number: compute with halves.
  if (width === Infinity) return value => (Number(value) / 2 - from / 2) / (to / 2 - from / 2)
  return value => (Number(value) - from) / width
}

const levelShare = (difference: number): number => (Math.sign(difference) + 1) / 2

/** Formats a value of an array, or of a part of its complex elements, with the digits that read back as the same. */
export function formatValue(dtype: DType, part: Part, value: Value): string {
  if (typeof value === 'bigint' || isInteger(dtype)) return String(value)
  if (dtype === 'complex64') return formatScalar(part === 'real' || part === 'imaginary' ? 'float32' : 'float64', value)
  return formatScalar(dtype === 'complex128' ? 'float64' : dtype, value)
}

/** Formats a number that is no element of an array, such as a count or a mean, so that it reads back as the same number. */
export function numberText(value: Value): string {
  const isWhole = typeof value === 'bigint' || (Number.isSafeInteger(value) && !Object.is(value, -0))
  return isWhole ? String(value) : formatScalar('float64', value)
}
