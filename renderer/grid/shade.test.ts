import { expect, test } from 'vitest'
import { DTYPES } from '../../core/format/dtype.ts'
import { canShade, rangeOfSample, shadedNumber, shadeText } from './shade.ts'

function shadeOf(value: number, range: { low: number; high: number } | null): [string, number] | null {
  const found = /--shade-(\w+)\) ([\d.]+)%/.exec(shadeText(value, range))
  return found && [found[1]!, Number(found[2])]
}

test('positive and negative numbers have different colours, stronger with distance from zero', () => {
  const range = { low: -2, high: 4 }
  expect(shadeOf(0, range)).toBeNull()
  expect(shadeOf(4, range)![0]).toBe('above')
  expect(shadeOf(-4, range)).toEqual(['below', shadeOf(4, range)![1]])
  const strengths = [0.5, 1, 2, 3, 4].map(value => shadeOf(value, range)![1])
  expect(strengths).toEqual([...strengths].sort((a, b) => a - b))
  expect(new Set(strengths).size).toBe(5)
  expect(shadeOf(-2, range)).toEqual(['below', shadeOf(2, range)![1]])
})

test('numbers beyond the range are as strong as its ends', () => {
  expect(shadeOf(1e300, { low: -1, high: 1 })).toEqual(shadeOf(1, { low: -1, high: 1 }))
})

test('shades of a range on one side of zero start at its end nearer to zero', () => {
  expect(shadeOf(100, { low: 100, high: 104 })).toBeNull()
  expect(shadeOf(104, { low: 100, high: 104 })).toEqual(shadeOf(4, { low: 0, high: 4 }))
  expect(shadeOf(-104, { low: -104, high: -100 })).toEqual(shadeOf(-4, { low: -4, high: 0 }))
})

test('a cell has no shade without a range, in a range without width and for non-finite numbers', () => {
  expect([shadeText(1, null), shadeText(7, { low: 7, high: 7 })]).toEqual(['', ''])
  expect([NaN, Infinity, -Infinity].map(value => shadeText(value, { low: -1, high: 1 }))).toEqual(['', '', ''])
})

test('a few outliers do not widen the range of a sample, and non-finite numbers are ignored', () => {
  const sample = Float64Array.from({ length: 256 }, (_, i) => i % 16)
  sample.set([1e30, NaN, Infinity, -Infinity], 100)
  expect(rangeOfSample(sample)).toEqual({ low: 0, high: 15 })
  expect(rangeOfSample(Float64Array.of(5))).toEqual({ low: 5, high: 5 })
  expect(rangeOfSample(Float64Array.of(NaN))).toBeNull()
})

test('shaded numbers exist for dtypes with an order', () => {
  expect(DTYPES.filter(dtype => !canShade(dtype))).toEqual(['bool', 'complex64', 'complex128'])
  expect(shadedNumber('float16', Uint16Array.of(0x3e00), 0)).toBe(1.5)
  expect(shadedNumber('uint16', Uint16Array.of(0x3e00), 0)).toBe(0x3e00)
  expect(shadedNumber('int64', BigInt64Array.of(-5n), 0)).toBe(-5n)
  expect(shadedNumber('complex64', Float32Array.of(1, 2), 0)).toBeNaN()
})

test('64-bit integers that a float64 does not tell apart have different shades', () => {
  const ids = BigInt64Array.from({ length: 9 }, (_, i) => 2n ** 60n + BigInt(i))
  const range = { low: ids[0]!, high: ids[8]! }
  expect(new Set(Array.from(ids, id => shadeText(id, range))).size).toBe(9)
  expect(rangeOfSample(ids)).toEqual(range)
})
