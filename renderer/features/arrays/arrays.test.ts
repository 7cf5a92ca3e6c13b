import { describe, expect, test } from 'vitest'
import { arrayInfo, storeInfo } from '../../model/test-support/fake-host.ts'
import { filterArrays } from './filter.ts'
import { movedIndex } from '../../ui/moved-index.ts'
import { arraysHead, warningCount } from './summary.ts'

const arrays = [
  arrayInfo({ name: 'Features.train' }),
  arrayInfo({ name: 'features.test', dtype: 'int64' }),
  arrayInfo({ name: 'labels', dtype: 'int64', damaged: 'its data file is missing' }),
]
const names = (text: string): string[] => filterArrays(arrays, text).map(({ name }) => name)

describe('the filter', () => {
  test('finds parts of names in any case', () => {
    expect(names('feat')).toEqual(['Features.train', 'features.test'])
    expect(names('TRAIN')).toEqual(['Features.train'])
  })

  test('takes words together, and dtypes', () => {
    expect(names('int64 feat')).toEqual(['features.test'])
    expect(names('int64')).toEqual(['features.test', 'labels'])
  })

  test('without words leaves all, in their order', () => {
    expect(filterArrays(arrays, '  ')).toBe(arrays)
    expect(names('nothing')).toEqual([])
  })
})

test('the head counts arrays, damaged ones and bytes', () => {
  const store = storeInfo(1, '/a.npk', arrays)
  expect(arraysHead(store, arrays)).toBe('Arrays · 3 · 1 damaged · 3.60 kB')
  expect(arraysHead(store, arrays.slice(1))).toBe('Arrays · 2 of 3 · 1 damaged · 3.60 kB')
  expect(arraysHead(storeInfo(1, '/b.npk'), [])).toBe('Arrays · 0 · 0 B')
})

test('warnings of the store, of arrays and damage are counted together', () => {
  const odd = {
    ...storeInfo(1, '/a.npk', [...arrays, arrayInfo({ name: 'x', warnings: ['a', 'b'] })]),
    warnings: ['c'],
  }
  expect(warningCount(odd)).toBe(4)
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
  ])('%s moves from %d to %d', (key, from, to) => {
    expect(movedIndex(key, from, 30, false)).toBe(to)
  })

  test('other keys, and Home and End in a text, mean nothing', () => {
    expect(movedIndex('a', 4, 30, false)).toBeNull()
    expect(movedIndex('Home', 4, 30, true)).toBeNull()
    expect(movedIndex('ArrowDown', 0, 0, false)).toBeNull()
  })
})
