import { describe, expect, test } from 'vitest'
import { arrayInfo } from './test-support/fake-host.ts'
import { arrayKind, fittingIndex, steppedIndex } from './array-shape.ts'

test('an index is clamped to the axes of the array', () => {
  const array = arrayInfo({ name: 'a', shape: [5, 2, 4, 3], physicalShape: [5, 2, 4, 3] })
  expect(fittingIndex(array, [])).toEqual([0, 0])
  expect(fittingIndex(array, [7, 3, 9])).toEqual([1, 3])
})

describe('stepping through slices', () => {
  test('stepping moves the last axis first and carries', () => {
    expect(steppedIndex([0, 2], [2, 3], 1)).toEqual([1, 0])
    expect(steppedIndex([1, 0], [2, 3], -1)).toEqual([0, 2])
  })

  test('stepping visits every slice once, in C order', () => {
    const met: number[][] = []
    for (let at: number[] | null = [0, 0, 0]; at; at = steppedIndex(at, [2, 3, 2], 1)) met.push(at)
    const expected = [0, 1].flatMap(a => [0, 1, 2].flatMap(b => [0, 1].map(c => [a, b, c])))
    expect(met).toEqual(expected)
  })

  test('stepping stops at both ends', () => {
    expect(steppedIndex([1, 2], [2, 3], 1)).toBeNull()
    expect(steppedIndex([0, 0], [2, 3], -1)).toBeNull()
    expect(steppedIndex([], [], 1)).toBeNull()
  })
})

test.each([
  ['grid', {}, 'active'],
  ['damaged', { damaged: 'its data file is missing' }, 'active'],
  ['behindLink', { damaged: 'its data file is a symbolic link', isBehindLink: true }, 'active'],
  ['damaged', { dtype: null }, 'active'],
  ['scalar', { shape: [], physicalShape: [] }, 'active'],
  ['noElements', { shape: [0, 3], physicalShape: [0, 3] }, 'active'],
  ['noElements', { shape: [9, 0], physicalShape: [9, 0] }, 'all'],
  ['allDeleted', { shape: [0, 3], physicalShape: [8, 3], deletedRows: 8 }, 'active'],
  ['grid', { shape: [0, 3], physicalShape: [8, 3], deletedRows: 8 }, 'all'],
  ['noneDeleted', {}, 'deleted'],
] as const)('the array kind is %s for %o with row set %s', (kind, change, rowSet) => {
  const { shape, physicalShape, ...rest } = { shape: [5, 3], physicalShape: [5, 3], ...change }
  const array = arrayInfo({ name: 'a', ...rest, shape: [...shape], physicalShape: [...physicalShape] })
  expect(arrayKind(array, rowSet)).toBe(kind)
})
