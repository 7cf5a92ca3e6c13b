import type { DType, Scalar, TypedArray } from '../format/dtype.ts'
import { componentsOf, scalarAt } from '../format/elements.ts'
import { NumPackError } from '../format/errors.ts'

const INTEGER_RANGES: Partial<Record<DType, readonly [number, number]>> = {
  uint8: [0, 2 ** 8 - 1],
  uint16: [0, 2 ** 16 - 1],
  uint32: [0, 2 ** 32 - 1],
  int8: [-(2 ** 7), 2 ** 7 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
}

const BIGINT_RANGES: Partial<Record<DType, readonly [bigint, bigint]>> = {
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
}

const castingError = (value: Scalar, dtype: DType, why: string): NumPackError =>
  new NumPackError('CASTING', `${show(value)} does not fit into ${dtype}: ${why}`, { value: show(value), dtype })

const show = (value: Scalar): string => (typeof value === 'object' ? `${value.re} + ${value.im}i` : String(value))

export const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  typeof value === 'boolean' ||
  (typeof value === 'object' &&
    value !== null &&
    're' in value &&
    'im' in value &&
    typeof value.re === 'number' &&
    typeof value.im === 'number')

/** Assigns to element `index` as NumPy does: integers truncate. Throws `CASTING` for what the dtype can't hold. */
export function storeScalar(dtype: DType, data: TypedArray, index: number, value: Scalar): void {
  if (componentsOf(dtype) === 2) {
    const { re, im } = typeof value === 'object' ? value : { re: Number(value), im: 0 }
    data[2 * index] = re
    data[2 * index + 1] = im
    return
  }
  if (dtype === 'bool') {
    data[index] = isTrue(value) ? 1 : 0
    return
  }
  if (typeof value === 'object') throw castingError(value, dtype, 'it is complex')
  const wide = BIGINT_RANGES[dtype]
  if (wide !== undefined) {
    if (typeof value === 'number' && !Number.isSafeInteger(value)) {
      throw castingError(value, dtype, 'a number must be a safe integer here; give a bigint')
    }
    const integer = BigInt(value)
    if (integer < wide[0] || integer > wide[1]) throw castingError(value, dtype, 'it is out of range')
    ;(data as BigInt64Array)[index] = integer
    return
  }
  const number = Number(value)
  const narrow = INTEGER_RANGES[dtype]
  if (narrow !== undefined) {
    const integer = Math.trunc(number)
    if (!(integer >= narrow[0] && integer <= narrow[1])) throw castingError(value, dtype, 'it is out of range')
    data[index] = integer
  } else data[index] = number
}

const isTrue = (value: Scalar): boolean =>
  typeof value === 'object' ? value.re !== 0 || value.im !== 0 : Boolean(value) || Number.isNaN(value)

/** Converts as NumPy's `astype`: integers wrap, fractions truncate. Complex to real throws `CASTING`. */
export function castElements(from: DType, source: TypedArray, to: DType, target: TypedArray, count: number): void {
  if (from === to) {
    ;(target as Float64Array).set(source as Float64Array)
    return
  }
  const [fromWidth, toWidth] = [componentsOf(from), componentsOf(to)]
  if (fromWidth === 2 && toWidth === 1 && to !== 'bool') {
    throw new NumPackError('CASTING', `${from} can't become ${to}: the imaginary parts would be lost`, { from, to })
  }
  const wide = to in BIGINT_RANGES
  const narrowed = to in INTEGER_RANGES
  const single = to === 'float32' || to === 'complex64'
  for (let i = 0; i < count; i++) {
    let value = scalarAt(from, source, i)
    if (typeof value === 'bigint' && single) value = roundToFloat32(value)
    if (toWidth === 2 || to === 'bool') storeScalar(to, target, i, value)
    else if (wide) (target as BigInt64Array)[i] = toBigInt(value as number | bigint | boolean)
    else if (typeof value === 'bigint' && narrowed) (target as Int32Array)[i] = Number(BigInt.asIntN(32, value))
    else (target as Float64Array)[i] = Number(value)
  }
}

/** Bits of a 64-bit integer below the 53 that a float64 holds. */
const BELOW_FLOAT64 = 11n

/** Rounds only once, unlike a conversion through float64: sets the lowest kept bit if any below is ("round to odd"). */
function roundToFloat32(value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return Math.fround(number)
  const upper = value >> BELOW_FLOAT64
  const isExact = upper << BELOW_FLOAT64 === value
  return Math.fround(Number(isExact ? upper : upper | 1n)) * 2 ** Number(BELOW_FLOAT64)
}

/** Truncates toward zero. NaN and out-of-range values become INT64_MIN, as the x86 conversion does. */
function toBigInt(value: number | bigint | boolean): bigint {
  if (typeof value !== 'number') return BigInt(value)
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : -(2n ** 63n)
}
