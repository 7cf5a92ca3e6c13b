import { describe, expect, test } from 'vitest'
import {
  asSentence,
  baseName,
  bytesText,
  count,
  countOf,
  durationText,
  hexText,
  homePath,
  kindOfDType,
  parentPath,
  percentText,
  relativeTime,
  secondsText,
  shapeText,
  withoutPath,
} from './format.ts'

test.each([
  [0, '0'],
  [4_812_337, '4,812,337'],
  [2 ** 53, '9,007,199,254,740,992'],
])('%d is counted as %s', (value, text) => {
  expect(count(value)).toBe(text)
})

test('a noun follows its number', () => {
  expect([countOf(1, 'row'), countOf(0, 'row'), countOf(2, 'store')]).toEqual(['1 row', '0 rows', '2 stores'])
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
  expect(bytesText(bytes)).toBe(text)
})

test('shapes are written with multiplication signs', () => {
  expect(shapeText([60_000, 28, 28])).toBe('60,000 × 28 × 28')
  expect(shapeText([])).toBe('')
})

test.each([
  [0, 100, '0%'],
  [128_796, 10_000_000, '1.3%'],
  [1, 10_000_000, '<0.1%'],
  [9_999_999, 10_000_000, '>99.9%'],
  [5, 5, '100%'],
  [0, 0, '0%'],
])('%d of %d is %s', (part, whole, text) => {
  expect(percentText(part, whole)).toBe(text)
})

test('bytes are pairs of digits', () => {
  expect(hexText(new Uint8Array([0x92, 0xdf, 0xa1, 0x0e]))).toBe('92 df a1 0e')
})

test.each([
  ['float16', 'float'],
  ['float64', 'float'],
  ['int8', 'int'],
  ['uint64', 'uint'],
  ['bool', 'bool'],
  ['complex64', 'complex'],
] as const)('%s is of the kind %s', (dtype, kind) => {
  expect(kindOfDType(dtype)).toBe(kind)
})

test.each([
  ['/home/ann/data/a.npk', '/home/ann', '~/data/a.npk'],
  ['/home/ann', '/home/ann', '~'],
  ['/home/anna/a.npk', '/home/ann', '/home/anna/a.npk'],
  ['C:\\Users\\ann\\a.npk', 'C:\\Users\\ann', '~\\a.npk'],
])('%s of %s is shown as %s', (path, home, text) => {
  expect(homePath(path, home)).toBe(text)
})

test.each([
  ['/data/a.npk', '/data'],
  ['/a.npk', '/'],
  ['C:\\data\\a.npk', 'C:\\data'],
])('%s lies in %s', (path, parent) => {
  expect(parentPath(path)).toBe(parent)
})

describe('ages', () => {
  const now = Date.UTC(2026, 5, 15, 12)
  const minute = 60_000
  test.each([
    [0, 'just now'],
    [59_000, 'just now'],
    [5 * minute, '5 minutes ago'],
    [119 * minute, '1 hour ago'],
    [24 * 60 * minute, 'yesterday'],
    [20 * 24 * 60 * minute, '2 weeks ago'],
    [800 * 24 * 60 * minute, '2 years ago'],
    // A clock that was set back.
    [-5 * minute, 'just now'],
  ])('%d ms ago reads %s', (age, text) => {
    expect(relativeTime(now - age, now)).toBe(text)
  })
})

test('a phrase becomes a sentence once', () => {
  expect(asSentence('its data file is missing')).toBe('Its data file is missing.')
  expect(asSentence('Gone.')).toBe('Gone.')
})

test.each([
  [0.04, '0.0 ms'],
  [3.14, '3.1 ms'],
  [42.4, '42 ms'],
  [2400, '2.4 s'],
])('%d ms read as %s', (milliseconds, text) => {
  expect(durationText(milliseconds)).toBe(text)
})

test.each([
  [0.2, '1 s'],
  [59, '59 s'],
  [61, '2 min'],
  [3600, '1 h'],
  [7500, '2 h 5 min'],
])('%d seconds to wait read as %s', (seconds, text) => {
  expect(secondsText(seconds)).toBe(text)
})

test.each([
  ['/data/mine.npk', 'mine.npk'],
  ['C:\\data\\mine.npk', 'mine.npk'],
  ['mine.npk', 'mine.npk'],
])('the last part of %s is %s', (path, name) => {
  expect(baseName(path)).toBe(name)
})

test('an error need not name the file that is on screen', () => {
  expect(withoutPath('/a/b.npkg: the package ends early', '/a/b.npkg')).toBe('The package ends early.')
  expect(withoutPath('/a/b.npkg is not there.', '/a/b.npkg')).toBe('/a/b.npkg is not there.')
})
