import type { DType, TypedArray } from '../../core/format/dtype.ts'
import { itemsize } from '../../core/format/dtype.ts'
import { formatElement, halfAt, joinComplex } from '../../core/format/text.ts'
import { formatHex, kindOfDType } from '../ui/format.ts'

/** 'hex' shows the bits, most significant first. */
export type CellFormat = 'auto' | 'fixed' | 'scientific' | 'hex'

const DECIMALS = 6
/** From here on toFixed() writes an exponent. */
const FIXED_BELOW = 1e21

const HYPHEN = /-/g

export function formatsOf(dtype: DType): readonly CellFormat[] {
  switch (kindOfDType(dtype)) {
    case 'bool':
      return ['auto']
    case 'float':
    case 'complex':
      return ['auto', 'fixed', 'scientific', 'hex']
    default:
      return ['auto', 'hex']
  }
}

export const formatFor = (dtype: DType, wanted: CellFormat): CellFormat =>
  formatsOf(dtype).includes(wanted) ? wanted : 'auto'

/** Formats an element as a cell shows it, with the minus sign (U+2212) that aligns with digits. */
export function cellText(dtype: DType, format: CellFormat, data: TypedArray, index: number): string {
  const text = formatted(dtype, format, data, index)
  return text.includes('-') ? text.replace(HYPHEN, '−') : text
}

function formatted(dtype: DType, format: CellFormat, data: TypedArray, index: number): string {
  if (format === 'auto') return formatElement(dtype, data, index)
  if (format === 'hex') return bitsText(dtype, data, index)
  const write = format === 'fixed' ? fixedText : scientificText
  if (dtype === 'complex64' || dtype === 'complex128') {
    return joinComplex([write(data[2 * index] as number), write(data[2 * index + 1] as number)])
  }
  return write(dtype === 'float16' ? halfAt(data, index) : (data[index] as number))
}

/** Adds the sign and the non-finite words to a formatter of finite non-negative numbers, as C's printf writes them. */
const signed =
  (write: (size: number) => string) =>
  (value: number): string => {
    if (Number.isNaN(value)) return 'nan'
    const size = Math.abs(value)
    const text = size === Infinity ? 'inf' : write(size)
    return value < 0 || Object.is(value, -0) ? `-${text}` : text
  }

const withExponent = (size: number): string => size.toExponential(DECIMALS).replace(/([+-])(\d)$/, '$10$2')

const scientificText = signed(withExponent)
const fixedText = signed(size => (size < FIXED_BELOW ? size.toFixed(DECIMALS) : withExponent(size)))

/** Memory is little-endian, the text is not. */
const formatHexNumber = (bytes: Uint8Array): string => `0x${formatHex(bytes.reverse(), '')}`

function bitsText(dtype: DType, data: TypedArray, index: number): string {
  const size = itemsize(dtype)
  const bytes = new Uint8Array(data.buffer.slice(data.byteOffset + index * size, data.byteOffset + (index + 1) * size))
  if (kindOfDType(dtype) !== 'complex') return formatHexNumber(bytes)
  return `${formatHexNumber(bytes.subarray(0, size / 2))} ${formatHexNumber(bytes.subarray(size / 2))}`
}
