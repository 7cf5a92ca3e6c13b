import { expect, test } from 'vitest'
import {
  formatBytes,
  formatInteger,
  pluralize,
  formatDuration,
  formatPercent,
  formatRate,
  formatShape,
  formatTimeLeft,
} from './quantities.ts'

test.each([
  [0, '0'],
  [4_812_337, '4,812,337'],
  [2 ** 53, '9,007,199,254,740,992'],
])('%d is counted as %s', (value, text) => {
  expect(formatInteger(value)).toBe(text)
})

test('a noun follows its number', () => {
  expect([pluralize(1, 'row'), pluralize(0, 'row'), pluralize(2, 'store')]).toEqual(['1 row', '0 rows', '2 stores'])
})

test.each([
  [0, '0 B'],
  [512, '512 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [80_000_000, '80.0 MB'],
  [4_423_000_000, '4.42 GB'],
  [4 * 2 ** 40, '4.40 TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('shapes are written with multiplication signs', () => {
  expect(formatShape([60_000, 28, 28])).toBe('60,000 × 28 × 28')
  expect(formatShape([])).toBe('')
})

test.each([
  [0, 100, '0%'],
  [128_796, 10_000_000, '1.3%'],
  [1, 10_000_000, '<0.1%'],
  [9_999_999, 10_000_000, '>99.9%'],
  [5, 5, '100%'],
  [501, 500, '>100%'],
  [2230, 99, '2,253%'],
  [0, 0, '0%'],
])('%d of %d is %s', (part, whole, text) => {
  expect(formatPercent(part, whole)).toBe(text)
})

test.each([
  [0.04, '0.0 ms'],
  [3.14, '3.1 ms'],
  [42.4, '42 ms'],
  [2400, '2.4 s'],
])('%d ms read as %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text)
})

test('a rate is bytes a second', () => {
  expect([formatRate(0), formatRate(511.6), formatRate(160_000_000)]).toEqual(['0 B/s', '512 B/s', '160 MB/s'])
})

test.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [60, '1 min 0 s'],
  [125, '2 min 5 s'],
  [12_000, '3 h 20 min'],
])('%d seconds are left: %s', (seconds, text) => {
  expect(formatTimeLeft(seconds)).toBe(text)
})
