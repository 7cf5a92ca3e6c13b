import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { DTYPES, type DType } from './dtype.ts'
import { complexParts, formatElement, formatParsable, formatScalar, kindOfElement, viewOf } from './text.ts'

interface Described {
  dtype: DType
  shape: number[]
  cells: [number[], string | [string, string]][]
}

const fixtures = new URL('../fixtures/stores/', import.meta.url)
const expected = JSON.parse(readFileSync(new URL('expected.json', fixtures), 'utf8')) as {
  stores: Record<string, Record<string, Described>>
}
const arrays = Object.entries(expected.stores['dtypes.npk']!)

const flat = (index: number[], shape: number[]): number => index.reduce((at, i, axis) => at * shape[axis]! + i, 0)

const bits32 = (bits: number): Float32Array => new Float32Array(Uint32Array.of(bits).buffer)

test.each(arrays)('%s: every element has the same text as in NumPy', (name, { dtype, shape, cells }) => {
  const bytes = Uint8Array.from(readFileSync(new URL(`dtypes.npk/data_${name}.npkd`, fixtures)))
  const data = viewOf(dtype, bytes.buffer)
  const textAt = (at: number): string | [string, string] =>
    dtype === 'complex64' || dtype === 'complex128' ? complexParts(dtype, data, at) : formatElement(dtype, data, at)
  expect(cells.map(([index]) => textAt(flat(index, shape)))).toEqual(cells.map(([, text]) => text))
})

test('the fixture has all dtypes', () => {
  expect(new Set(arrays.map(([, { dtype }]) => dtype))).toEqual(new Set(DTYPES))
})

// Right-hand sides: str() of the NumPy 2.4 scalar.
test.each([
  [0x49742400, '1e+06'],
  [0x497423ff, '999999.94'],
  [0x38d1b717, '1e-04'],
  [0x38d1b718, '0.000100000005'],
  [0x4b800000, '1.6777216e+07'],
  [0x00000001, '1e-45'],
  [0x00800000, '1.1754944e-38'],
  [0x7f7fffff, '3.4028235e+38'],
  [0x80000000, '-0.0'],
  [0xff800000, '-inf'],
  [0x7fa00001, 'nan'],
])('float32 with the bits %i is %s', (bits, text) => {
  expect(formatElement('float32', bits32(bits), 0)).toBe(text)
})

test('a tie between two shortest decimals rounds to the even digit', () => {
  expect(formatElement('float32', Float32Array.of(2 ** -12), 0)).toBe('0.00024414062')
  expect(formatElement('float16', Uint16Array.of(0x2000), 0)).toBe('0.007812')
})

test('a power of two takes the shortest decimal on its wider side', () => {
  expect(formatElement('float32', Float32Array.of(2 ** -96), 0)).toBe('1.2621775e-29')
  expect(formatElement('float32', Float32Array.of(2 ** 87), 0)).toBe('1.5474251e+26')
})

test.each([
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [1e-5, '1e-05'],
  [0.0001, '0.0001'],
  [123456789012345680, '1.2345678901234568e+17'],
  [5e-324, '5e-324'],
  [-1, '-1.0'],
])('float64 %d is %s', (value, text) => {
  expect(formatElement('float64', Float64Array.of(value), 0)).toBe(text)
})

test('every finite float16 reads back as itself', () => {
  const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits)
  const values = new Float16Array(all.buffer)
  for (let i = 0; i < all.length; i++) {
    const text = formatElement('float16', all, i)
    expect(formatElement('float16', values, i)).toBe(text)
    const readBack = Math.f16round(Number(text.replace('inf', 'Infinity')))
    expect(readBack).toBe(values[i])
  }
})

test('complex elements are joined with the sign of the imaginary part', () => {
  const data = Float64Array.of(1, -2, NaN, -0, 0.5, Infinity, 3, NaN)
  const texts = [0, 1, 2, 3].map(i => formatElement('complex128', data, i))
  expect(texts).toEqual(['1.0 - 2.0i', 'nan - 0.0i', '0.5 + inf i', '3.0 + nan i'])
})

test('a complex element is copied as Python’s complex() reads it', () => {
  const data = Float64Array.of(0, -0.33, 1e-7, 2e20, NaN, -0, 0.5, Infinity, -0, -Infinity, 3, NaN)
  expect(Array.from({ length: 6 }, (_, i) => formatParsable('complex128', data, i))).toEqual([
    '0.0-0.33j',
    '1e-07+2e+20j',
    'nan-0.0j',
    '0.5+infj',
    '-0.0-infj',
    '3.0+nanj',
  ])
  expect(formatParsable('complex64', Float32Array.of(0.1, -0.2), 0)).toBe('0.1-0.2j')
  expect(formatParsable('int64', BigInt64Array.of(-(2n ** 63n)), 0)).toBe('-9223372036854775808')
})

test('a value and its element have the same text', () => {
  expect(formatScalar('float32', Math.fround(0.1))).toBe('0.1')
  expect(formatScalar('float64', Math.fround(0.1))).toBe('0.10000000149011612')
  expect(formatScalar('float16', 1024)).toBe('1.024e+03')
  expect(formatScalar('int64', -9223372036854775808n)).toBe('-9223372036854775808')
  expect(formatScalar('uint8', 7)).toBe('7')
  expect(formatScalar('bool', true)).toBe('true')
  expect(formatScalar('complex64', { re: 0, im: Math.fround(0.1) })).toBe('0.0 + 0.1i')
})

test('kinds distinguish nan, the infinities and booleans', () => {
  const floats = Float32Array.of(1, NaN, Infinity, -Infinity)
  expect([0, 1, 2, 3].map(i => kindOfElement('float32', floats, i))).toEqual(['number', 'nan', 'inf', '-inf'])
  const halves = Uint16Array.of(0x3c00, 0x7e00, 0x7c00, 0xfc00)
  expect([0, 1, 2, 3].map(i => kindOfElement('float16', halves, i))).toEqual(['number', 'nan', 'inf', '-inf'])
  const complex = Float64Array.of(1, 2, Infinity, NaN, 0, -Infinity)
  expect([0, 1, 2].map(i => kindOfElement('complex128', complex, i))).toEqual(['number', 'nan', '-inf'])
  expect([0, 1].map(i => kindOfElement('bool', Uint8Array.of(0, 255), i))).toEqual(['false', 'true'])
  expect(kindOfElement('int64', BigInt64Array.of(5n), 0)).toBe('number')
})

test('a view reads elements at any offset of a buffer', () => {
  const bytes = new Uint8Array(21)
  new DataView(bytes.buffer).setFloat64(13, 2.5, true)
  expect(formatElement('float64', viewOf('float64', bytes.buffer, 13, 1), 0)).toBe('2.5')
  expect(viewOf('complex64', new ArrayBuffer(32), 8).length).toBe(6)
  expect(viewOf('float16', new ArrayBuffer(5), 1, 2)).toBeInstanceOf(Uint16Array)
  expect(() => viewOf('int32', new ArrayBuffer(8), 4, 2)).toThrow(RangeError)
  expect(() => viewOf('int32', new ArrayBuffer(8), 1, 2)).toThrow(RangeError)
})
