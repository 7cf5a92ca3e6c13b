import { describe, expect, test } from 'vitest'
import {
  toSentence,
  baseName,
  formatHex,
  abbreviateHome,
  kindOfDType,
  parentPath,
  formatAge,
  formatMicroseconds,
  formatShapeOrScalar,
  removePath,
} from './format.ts'

test('bytes are formatted as pairs of hexadecimal digits', () => {
  expect(formatHex(new Uint8Array([0x92, 0xdf, 0xa1, 0x0e]))).toBe('92 df a1 0e')
})

test.each([
  ['float16', 'float'],
  ['float64', 'float'],
  ['int8', 'int'],
  ['uint64', 'uint'],
  ['bool', 'bool'],
  ['complex64', 'complex'],
] as const)('the dtype %s is of kind %s', (dtype, kind) => {
  expect(kindOfDType(dtype)).toBe(kind)
})

test.each([
  ['/home/ann/data/a.npk', '/home/ann', '~/data/a.npk'],
  ['/home/ann', '/home/ann', '~'],
  ['/home/anna/a.npk', '/home/ann', '/home/anna/a.npk'],
  ['C:\\Users\\ann\\a.npk', 'C:\\Users\\ann', '~\\a.npk'],
])('the path %s with home %s is shown as %s', (path, home, text) => {
  expect(abbreviateHome(path, home)).toBe(text)
})

test.each([
  ['/data/a.npk', '/data'],
  ['/a.npk', '/'],
  ['C:\\data\\a.npk', 'C:\\data'],
])('the parent of %s is %s', (path, parent) => {
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
    [-5 * minute, 'just now'],
  ])('an age of %d ms reads “%s”', (age, text) => {
    expect(formatAge(now - age, now)).toBe(text)
  })
})

test('a phrase becomes a sentence with one full stop', () => {
  expect(toSentence('its data file is missing')).toBe('Its data file is missing.')
  expect(toSentence('Gone.')).toBe('Gone.')
})

test.each([
  ['/data/mine.npk', 'mine.npk'],
  ['C:\\data\\mine.npk', 'mine.npk'],
  ['mine.npk', 'mine.npk'],
])('the base name of %s is %s', (path, name) => {
  expect(baseName(path)).toBe(name)
})

test('an error about the file on screen leaves out its path', () => {
  expect(removePath('/a/b.npkg: the package ends early', '/a/b.npkg')).toBe('The package ends early.')
  expect(removePath('/a/b.npkg is not there.', '/a/b.npkg')).toBe('/a/b.npkg is not there.')
})

test('a shape and a time that only damaged files claim are not rounded to others', () => {
  expect(formatShapeOrScalar([2 ** 63, 4])).toBe('impossible shape')
  expect(formatMicroseconds(2 ** 63)).toBe('impossible time')
})
