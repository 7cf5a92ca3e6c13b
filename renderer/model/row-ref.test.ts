import { expect, test } from 'vitest'
import { rowRefOf, directPosition, locationRow } from './row-ref.ts'

test('a row reference counts as its row set does', () => {
  const numbers = { logical: 7, physical: 9 }
  expect(rowRefOf('active', 7, numbers)).toEqual({ row: 7, numbering: 'logical' })
  expect(rowRefOf('all', 9, numbers)).toEqual({ row: 9, numbering: 'physical' })
  expect(rowRefOf('deleted', 2, { logical: null, physical: 9 })).toEqual({ row: 9, numbering: 'physical' })
})

test('a row reference gives its position directly only in a filter with the same numbering', () => {
  expect(directPosition({ row: 7, numbering: 'logical' }, 'active', 100)).toBe(7)
  expect(directPosition({ row: 7, numbering: 'physical' }, 'all', 100)).toBe(7)
  expect(directPosition({ row: 7, numbering: 'physical' }, 'active', 100)).toBeNull()
  expect(directPosition({ row: 7, numbering: 'logical' }, 'deleted', 100)).toBeNull()
})

test('a row reference beyond the end gives the last row', () => {
  expect(directPosition({ row: 700, numbering: 'logical' }, 'active', 100)).toBe(99)
  expect(directPosition({ row: 700, numbering: 'physical' }, 'active', 0)).toBe(0)
})

test('the location is the cursor while it is on screen, else the top row', () => {
  expect(locationRow(100, 105, 130)).toBe(105)
  expect(locationRow(100, 99, 130)).toBe(100)
  expect(locationRow(100, 130, 130)).toBe(100)
})
