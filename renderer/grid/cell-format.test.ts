import { describe, expect, test } from 'vitest'
import { DTYPES, type DType, type TypedArray } from '../../core/format/dtype.ts'
import { type CellFormat, cellText, formatFor, formatsOf } from './cell-format.ts'

const HALF_BITS = Uint16Array.of(0x3e00, 0xae66)

/** Expected texts come from Python's '%f' and '%e', bytes from NumPy. */
const NUMBERS: readonly [value: number, fixed: string, scientific: string, hex: string][] = [
  [0, '0.000000', '0.000000e+00', '0x0000000000000000'],
  [-0, '−0.000000', '−0.000000e+00', '0x8000000000000000'],
  [-2.1142492, '−2.114249', '−2.114249e+00', '0xc000e9fb7c0cc0d9'],
  [1e-7, '0.000000', '1.000000e−07', '0x3e7ad7f29abcaf48'],
  [123456.789, '123456.789000', '1.234568e+05', '0x40fe240c9fbe76c9'],
  [1e20, '100000000000000000000.000000', '1.000000e+20', '0x4415af1d78b58c40'],
  [-6.02214076e23, '−6.022141e+23', '−6.022141e+23', '0xc4dfe185ca57c517'],
  [5e-324, '0.000000', '4.940656e−324', '0x0000000000000001'],
  [NaN, 'nan', 'nan', '0x7ff8000000000000'],
  [Infinity, 'inf', 'inf', '0x7ff0000000000000'],
  [-Infinity, '−inf', '−inf', '0xfff0000000000000'],
]

test.each(NUMBERS)('float64 %d with six decimals, with an exponent, and as bits', (value, ...expected) => {
  const data = Float64Array.of(9, value)
  const texts = (['fixed', 'scientific', 'hex'] as const).map(format => cellText('float64', format, data, 1))
  expect(texts).toEqual(expected)
  expect(data).toEqual(Float64Array.of(9, value))
})

test.each<[DType, CellFormat, TypedArray, string]>([
  ['float32', 'fixed', Float32Array.of(0, 0.1), '0.100000'],
  ['float32', 'hex', Float32Array.of(0, -2.1142492), '0xc0074fdc'],
  ['float16', 'scientific', HALF_BITS, '−9.997559e−02'],
  ['float16', 'hex', HALF_BITS, '0xae66'],
  ['int64', 'hex', BigInt64Array.of(0n, -(2n ** 63n)), '0x8000000000000000'],
  ['int16', 'hex', Int16Array.of(0, -2), '0xfffe'],
  ['uint8', 'hex', Uint8Array.of(0, 10), '0x0a'],
  ['complex64', 'fixed', Float32Array.of(0, 0, 1.5, -0.25), '1.500000 − 0.250000i'],
  ['complex64', 'hex', Float32Array.of(0, 0, 1.5, -2), '0x3fc00000 0xc0000000'],
  ['complex128', 'scientific', Float64Array.of(0, 0, NaN, -Infinity), 'nan − inf i'],
])('the cell text of %s in format %s is right', (dtype, format, data, expected) => {
  expect(cellText(dtype, format, data, 1)).toBe(expected)
})

describe('formats without effect', () => {
  test('a cell format without effect on a dtype is not offered', () => {
    expect(DTYPES.filter(dtype => formatsOf(dtype).length === 1)).toEqual(['bool'])
    expect([formatsOf('int8'), formatsOf('float16')]).toEqual([
      ['auto', 'hex'],
      ['auto', 'fixed', 'scientific', 'hex'],
    ])
  })

  test('a cell format without effect on a dtype shows its elements in full precision', () => {
    expect(cellText('int64', formatFor('int64', 'fixed'), BigInt64Array.of(2n ** 62n), 0)).toBe('4611686018427387904')
    expect(cellText('bool', formatFor('bool', 'hex'), Uint8Array.of(1), 0)).toBe('true')
  })
})
