/**
 * Formats elements as `str()` of a NumPy 2.4 scalar does, in Node and browsers: the shortest decimal that reads back as
 * the same element; positional from 1e-4 up to 10^3 (float16), 10^6 (float32) or 10^16 (float64), otherwise scientific.
 * `index` counts elements: element i of a complex array is data[2i], data[2i + 1]. float16 `data` may be a Uint16Array
 * of bit patterns.
 */
import type { DType, Scalar, TypedArray } from './dtype.ts'
import { itemsize } from './dtype.ts'

/** Kind of an element, for its colour. A complex element is nan or infinite if one of its parts is. */
export type ElementKind = 'number' | 'nan' | 'inf' | '-inf' | 'true' | 'false'

type ComplexDType = 'complex64' | 'complex128'

const TABLE_MIDDLE = 60
/** 10^-60 to 10^60, each the nearest double; exact from 0 to 22. More than float32 needs. */
const POWERS_OF_TEN = Float64Array.from({ length: 2 * TABLE_MIDDLE + 1 }, (_, i) => Number(`1e${i - TABLE_MIDDLE}`))
const LARGEST_EXACT_POWER = 22
const powerOfTen = (exponent: number): number => POWERS_OF_TEN[exponent + TABLE_MIDDLE]!
const SMALLEST_POSITIONAL = 1e-4

interface FloatPrecision {
  round(value: number): number
  /** Every decimal of this many significant digits survives the dtype, so that fewer digits need not be tried. */
  readonly safeDigits: number
  /** This many significant digits distinguish all elements. */
  readonly maxDigits: number
  readonly smallestNormal: number
  readonly positionalBelow: number
}

const FLOAT32: FloatPrecision = {
  round: Math.fround,
  safeDigits: 6,
  maxDigits: 9,
  smallestNormal: 2 ** -126,
  positionalBelow: 1e6,
}

const FLOAT64: FloatPrecision = {
  round: value => value,
  safeDigits: 15,
  maxDigits: 17,
  smallestNormal: 2 ** -1022,
  positionalBelow: 1e16,
}

const FLOAT16: FloatPrecision = {
  round: roundToHalf,
  safeDigits: 3,
  maxDigits: 5,
  smallestNormal: 2 ** -14,
  positionalBelow: 1e3,
}

/** Adding ROUNDERS[e + 14] to 2^e <= x < 2^(e + 1) drops the bits below float16's last one. */
const ROUNDERS = Float64Array.from({ length: 30 }, (_, i) => 1.5 * 2 ** (42 + i - 14))

function roundToHalf(value: number): number {
  const exponent = 16 - Math.clz32(value * 32768)
  const rounder = ROUNDERS[exponent < -14 ? 0 : exponent + 14]!
  return value + rounder - rounder
}

/** Whether a float dtype has this number, which is not beyond its range, as an element. */
export function isElementOf(dtype: DType, value: number): boolean {
  if (dtype === 'float16') return roundToHalf(Math.abs(value)) === Math.abs(value)
  return (dtype !== 'float32' && dtype !== 'complex64') || Math.fround(value) === value
}

/** Converts a float16 bit pattern (IEEE 754 binary16). */
function halfToNumber(bits: number): number {
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

const float32 = new Float32Array(1)
const float32Bits = new Uint32Array(float32.buffer)
/** Decimal exponent of the smallest float32 with each binary exponent; that of others is the same or one more. */
const DECIMAL_EXPONENTS = Int8Array.from({ length: 255 }, (_, bits) => Math.floor(Math.log10(2 ** (bits - 127))))

function decimalExponent(value: number): number {
  if (value < 1e6 && value >= 1e-4) {
    if (value >= 1) return value < 10 ? 0 : value < 100 ? 1 : value < 1e3 ? 2 : value < 1e4 ? 3 : value < 1e5 ? 4 : 5
    return value >= 0.1 ? -1 : value >= 0.01 ? -2 : value >= 0.001 ? -3 : -4
  }
  float32[0] = value
  const bits = float32Bits[0]! >>> 23
  const estimate = bits === 0 ? Math.floor(Math.log10(value)) : DECIMAL_EXPONENTS[bits]!
  return value < powerOfTen(estimate) ? estimate - 1 : value >= powerOfTen(estimate + 1) ? estimate + 1 : estimate
}

/** Returns the integer nearest to value * 10^places, ties to even like NumPy's Dragon4. */
function scaleToInteger(value: number, places: number): number {
  // Exact wherever a tie is possible: 24 bits of value and at most 10^13.
  const exact = places >= 0 ? value * powerOfTen(places) : value / powerOfTen(-places)
  const rounded = Math.round(exact)
  return rounded - exact === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}

/** More than the relative error of two double roundings. */
const TWO_ROUNDINGS = 2 ** -51

/** Returns a double that rounds to the same element of the dtype as integer * 10^-places. */
function decimal(integer: number, places: number): number {
  const near = places >= 0 ? integer / powerOfTen(places) : integer * powerOfTen(-places)
  if (places <= LARGEST_EXACT_POWER && places >= -LARGEST_EXACT_POWER) return near
  // Only float32 has this many places. Parsing is exact but slow; the two roundings above seldom matter.
  const surely = Math.fround(near * (1 - TWO_ROUNDINGS)) === Math.fround(near * (1 + TWO_ROUNDINGS))
  return surely ? near : Number(`${integer}e${-places}`)
}

/** Returns the nearest integer for which integer * 10^-places reads back as `value` > 0; -1 if there is none. */
function findDecimal(value: number, places: number, precision: FloatPrecision): number {
  const integer = scaleToInteger(value, places)
  const nearest = decimal(integer, places)
  if (precision.round(nearest) === value) return integer
  // Above a power of two, elements are twice as far apart: the second nearest integer can be the right one.
  return nearest < value && precision.round(decimal(integer + 1, places)) === value ? integer + 1 : -1
}

const THREE_DIGITS = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'))
const TRIMMED_DIGITS = THREE_DIGITS.map(digits => digits.replace(/0+$/, ''))
const SMALL_INTEGERS = THREE_DIGITS.map(digits => String(Number(digits)))

/** Formats integer / 10^places (integer <= 10^9, places <= 12) by a table: faster than String() of the quotient. */
function formatFixedPoint(integer: number, places: number): string {
  const unit = powerOfTen(places)
  const whole = Math.floor(integer / unit)
  // At most 12 digits, so this is exact.
  let rest = (integer - whole * unit) * powerOfTen(12 - places)
  const text = whole < 1000 ? SMALL_INTEGERS[whole]! : String(whole)
  if (rest === 0) return text
  let fraction = `${text}.`
  for (let scale = 1e9; ; scale /= 1000) {
    const digits = Math.floor(rest / scale)
    rest -= digits * scale
    if (rest === 0) return fraction + TRIMMED_DIGITS[digits]!
    fraction += THREE_DIGITS[digits]!
  }
}

/** Formats a finite number > 0 of float16 or float32 with the fewest digits that read back as the same element. */
function formatShortest(magnitude: number, precision: FloatPrecision): string {
  const exponent = decimalExponent(magnitude)
  // Most elements need one digit less than the maximum. Subnormals have fewer digits than the dtype promises.
  const fewest = magnitude < precision.smallestNormal ? 1 : precision.safeDigits
  let places = precision.maxDigits - 2 - exponent
  let integer = findDecimal(magnitude, places, precision)
  if (integer < 0) integer = scaleToInteger(magnitude, ++places)
  else {
    while (places + exponent >= fewest) {
      const shorter = findDecimal(magnitude, places - 1, precision)
      if (shorter < 0) break
      integer = shorter
      places--
    }
  }
  if (isPositional(magnitude, precision)) {
    const text = formatFixedPoint(integer, places)
    return magnitude >= 1 && !text.includes('.') ? `${text}.0` : text
  }
  const mantissa = formatFixedPoint(integer, places + exponent)
  return mantissa === '10' ? scientific('1', exponent + 1) : scientific(mantissa, exponent)
}

const isPositional = (magnitude: number, precision: FloatPrecision): boolean =>
  magnitude >= SMALLEST_POSITIONAL && magnitude < precision.positionalBelow

/** Writes mantissa * 10^exponent with at least two digits in the exponent. */
export const scientific = (mantissa: string, exponent: number): string =>
  exponent < 0 ? `${mantissa}e-${twoDigits(-exponent)}` : `${mantissa}e+${twoDigits(exponent)}`

const twoDigits = (exponent: number): string => (exponent < 10 ? `0${exponent}` : String(exponent))

function formatMagnitude(magnitude: number, precision: FloatPrecision): string {
  const whole = Number.isInteger(magnitude)
  if (isPositional(magnitude, precision)) {
    if (whole) return `${magnitude}.0`
    return precision === FLOAT64 ? String(magnitude) : formatShortest(magnitude, precision)
  }
  if (precision !== FLOAT64) return formatShortest(magnitude, precision)
  const text = magnitude.toExponential()
  const mark = text.indexOf('e')
  return scientific(text.slice(0, mark), Number(text.slice(mark + 1)))
}

function formatFloat(value: number, precision: FloatPrecision): string {
  if (value !== value) return 'nan'
  const magnitude = Math.abs(value)
  if (magnitude === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  if (magnitude === Infinity) return value > 0 ? 'inf' : '-inf'
  const text = formatMagnitude(magnitude, precision)
  return value < 0 ? `-${text}` : text
}

export const halfAt = (data: TypedArray, index: number): number => {
  const value = data[index] as number
  return data instanceof Uint16Array ? halfToNumber(value) : value
}

export function complexParts(dtype: ComplexDType, data: TypedArray, index: number): [string, string] {
  const re = data[2 * index] as number
  const im = data[2 * index + 1] as number
  return dtype === 'complex64'
    ? [formatFloat(re, FLOAT32), formatFloat(im, FLOAT32)]
    : [formatFloat(re, FLOAT64), formatFloat(im, FLOAT64)]
}

export const joinComplex = ([re, im]: [string, string]): string => {
  const negative = im.startsWith('-')
  const size = negative ? im.slice(1) : im
  // 'nani' and 'infi' would read as words.
  const gap = size === 'nan' || size === 'inf' ? ' ' : ''
  return `${re} ${negative ? '-' : '+'} ${size}${gap}i`
}

export function formatElement(dtype: DType, data: TypedArray, index: number): string {
  switch (dtype) {
    case 'float32':
      return formatFloat(data[index] as number, FLOAT32)
    case 'float64':
      return formatFloat(data[index] as number, FLOAT64)
    case 'float16':
      return formatFloat(halfAt(data, index), FLOAT16)
    case 'bool':
      return data[index] === 0 ? 'false' : 'true'
    case 'complex64':
    case 'complex128':
      return joinComplex(complexParts(dtype, data, index))
    default:
      return String(data[index])
  }
}

/** Formats one element so that Python and NumPy read it back as the same: complex numbers as '0.0-0.33j'. */
export function formatParsable(dtype: DType, data: TypedArray, index: number): string {
  if (dtype !== 'complex64' && dtype !== 'complex128') return formatElement(dtype, data, index)
  const [re, im] = complexParts(dtype, data, index)
  return `${re}${im.startsWith('-') ? '' : '+'}${im}j`
}

export function formatScalar(dtype: DType, value: Scalar): string {
  if (typeof value === 'object') {
    return joinComplex(
      dtype === 'complex64'
        ? [formatFloat(value.re, FLOAT32), formatFloat(value.im, FLOAT32)]
        : [formatFloat(value.re, FLOAT64), formatFloat(value.im, FLOAT64)],
    )
  }
  if (typeof value !== 'number') return String(value)
  if (dtype === 'float32') return formatFloat(value, FLOAT32)
  if (dtype === 'float16') return formatFloat(value, FLOAT16)
  return dtype === 'float64' ? formatFloat(value, FLOAT64) : String(value)
}

function kindOfNumber(value: number): ElementKind {
  if (value !== value) return 'nan'
  return value === Infinity ? 'inf' : value === -Infinity ? '-inf' : 'number'
}

export function kindOfElement(dtype: DType, data: TypedArray, index: number): ElementKind {
  switch (dtype) {
    case 'float32':
    case 'float64':
      return kindOfNumber(data[index] as number)
    case 'float16':
      return kindOfNumber(halfAt(data, index))
    case 'bool':
      return data[index] === 0 ? 'false' : 'true'
    case 'complex64':
    case 'complex128': {
      const re = kindOfNumber(data[2 * index] as number)
      const im = kindOfNumber(data[2 * index + 1] as number)
      return re === 'nan' || im === 'nan' ? 'nan' : re === 'number' ? im : re
    }
    default:
      return 'number'
  }
}

type View = new (buffer: ArrayBuffer, byteOffset: number, length: number) => TypedArray

const VIEWS: Record<DType, View> = {
  bool: Uint8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
}

/** Views a buffer for these functions, float16 as Uint16Array; copies unaligned bytes. Throws a RangeError. */
export function viewOf(dtype: DType, buffer: ArrayBuffer, byteOffset = 0, count?: number): TypedArray {
  const size = itemsize(dtype)
  const elements = count ?? Math.floor((buffer.byteLength - byteOffset) / size)
  const view = VIEWS[dtype]
  const complex = dtype === 'complex64' || dtype === 'complex128'
  const unit = complex ? size / 2 : size
  const length = complex ? 2 * elements : elements
  if (byteOffset % unit === 0) return new view(buffer, byteOffset, length)
  return new view(buffer.slice(byteOffset, byteOffset + elements * size), 0, length)
}
