import type { DType, TypedArray } from '../../core/format/dtype.ts'
import { itemsize } from '../../core/format/dtype.ts'
import { formatElement, halfAt, joinComplex } from '../../core/format/text.ts'

/**
 * How cells show their elements: in full precision, with six decimals, with six decimals and an exponent, or as the bits
 * that make an element, the most significant first.
 */
export type CellFormat = 'auto' | 'fixed' | 'scientific' | 'hex'

const DECIMALS = 6
/** toFixed() writes larger numbers with an exponent. */
const FIXED_BELOW = 1e21

const HYPHEN = /-/g

const isFloat = (dtype: DType): boolean => dtype.startsWith('float') || dtype.startsWith('complex')

/** The formats that make a difference to elements of a dtype. */
export function formatsOf(dtype: DType): readonly CellFormat[] {
  if (dtype === 'bool') return ['auto']
  return isFloat(dtype) ? ['auto', 'fixed', 'scientific', 'hex'] : ['auto', 'hex']
}

/** The text of an element as a cell shows it, with the minus sign (U+2212) that digits align with. */
export function cellText(dtype: DType, format: CellFormat, data: TypedArray, index: number): string {
  const text = formatted(dtype, formatsOf(dtype).includes(format) ? format : 'auto', data, index)
  return text.includes('-') ? text.replace(HYPHEN, '−') : text
}

function formatted(dtype: DType, format: CellFormat, data: TypedArray, index: number): string {
  if (format === 'auto') return formatElement(dtype, data, index)
  if (format === 'hex') return hexText(dtype, data, index)
  const write = format === 'fixed' ? fixedText : scientificText
  if (dtype === 'complex64' || dtype === 'complex128') {
    return joinComplex([write(data[2 * index] as number), write(data[2 * index + 1] as number)])
  }
  return write(dtype === 'float16' ? halfAt(data, index) : (data[index] as number))
}

/** A number as C's printf writes it, from the text of one that is finite and has no sign. */
const signed =
  (write: (size: number) => string) =>
  (value: number): string => {
    if (Number.isNaN(value)) return 'nan'
    const size = Math.abs(value)
    const text = size === Infinity ? 'inf' : write(size)
    return value < 0 || Object.is(value, -0) ? `-${text}` : text
  }

/** With two digits of exponent at least. */
const withExponent = (size: number): string => size.toExponential(DECIMALS).replace(/([+-])(\d)$/, '$10$2')

const scientificText = signed(withExponent)
const fixedText = signed(size => (size < FIXED_BELOW ? size.toFixed(DECIMALS) : withExponent(size)))

/** The bits of an element, or of both parts of a complex one. */
function hexText(dtype: DType, data: TypedArray, index: number): string {
  const size = itemsize(dtype)
  const bytes = new Uint8Array(data.buffer.slice(data.byteOffset + index * size, data.byteOffset + (index + 1) * size))
  const part = dtype.startsWith('complex') ? size / 2 : size
  const parts: string[] = []
  for (let start = 0; start < size; start += part) {
    // The least significant byte comes first in memory.
    const digits = Array.from(bytes.subarray(start, start + part).reverse(), byte => byte.toString(16).padStart(2, '0'))
    parts.push(`0x${digits.join('')}`)
  }
  return parts.join(' ')
}
