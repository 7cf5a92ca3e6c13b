import { describe, expect, test } from 'vitest'
import { arrayInfo, storeInfo } from '../../model/test-support/fake-host.ts'
import { filterArrays } from './filter.ts'
import { movedIndex } from '../../ui/moved-index.ts'
import { formatArraysHeading, countWarnings } from './array-counts.ts'

const arrays = [
  arrayInfo({ name: 'Features.train' }),
  arrayInfo({ name: 'features.test', dtype: 'int64' }),
  arrayInfo({ name: 'labels', dtype: 'int64', damaged: 'its data file is missing' }),
]
const names = (text: string): string[] => filterArrays(arrays, text).map(({ name }) => name)

describe('the filter', () => {
  test('the array filter finds parts of names in any case', () => {
    expect(names('feat')).toEqual(['Features.train', 'features.test'])
    expect(names('TRAIN')).toEqual(['Features.train'])
  })

  test('the array filter requires every word and matches dtypes too', () => {
    expect(names('int64 feat')).toEqual(['features.test'])
    expect(names('int64')).toEqual(['features.test', 'labels'])
  })

  test('the array filter without words keeps all arrays in order', () => {
    expect(filterArrays(arrays, '  ')).toBe(arrays)
    expect(names('nothing')).toEqual([])
  })
})

test('the heading counts arrays, damaged arrays and bytes', () => {
  const store = storeInfo(1, '/a.npk', arrays)
  expect(formatArraysHeading(store, arrays)).toBe('Arrays · 3 · 1 damaged · 3.60 kB')
  expect(formatArraysHeading(store, arrays.slice(1))).toBe('Arrays · 2 of 3 · 1 damaged · 3.60 kB')
  expect(formatArraysHeading(storeInfo(1, '/b.npk'), [])).toBe('Arrays · 0 · 0 B')
})

test('the warning count adds up warnings of the store, warnings of arrays and damage', () => {
  const odd = {
    ...storeInfo(1, '/a.npk', [...arrays, arrayInfo({ name: 'x', warnings: ['a', 'b'] })]),
    warnings: ['c'],
  }
  expect(countWarnings(odd)).toBe(4)
})

describe('keys in a list', () => {
  test.each([
    ['ArrowDown', 4, 5],
    ['ArrowDown', 29, 29],
    ['ArrowUp', 0, 0],
    ['PageDown', 4, 14],
    ['PageUp', 4, 0],
    ['Home', 4, 0],
    ['End', 4, 29],
  ])('%s moves the list from %d to %d', (key, from, to) => {
    expect(movedIndex(key, from, 30, false)).toBe(to)
  })

  test('other keys do not move the list, nor do Home and End in a text field', () => {
    expect(movedIndex('a', 4, 30, false)).toBeNull()
    expect(movedIndex('Home', 4, 30, true)).toBeNull()
    expect(movedIndex('ArrowDown', 0, 0, false)).toBeNull()
  })
})
