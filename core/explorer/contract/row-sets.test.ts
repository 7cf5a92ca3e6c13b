import { expect, test } from 'vitest'
import type { RowSetName } from './types.ts'
import { countedRowSet, countRows } from './row-sets.ts'

const ROW_SETS: readonly RowSetName[] = ['active', 'all', 'deleted']
const withDeleted = { shape: [90, 2, 3], physicalShape: [100, 2, 3], deletedRows: 10 }

test('rows of a row set', () => {
  expect(ROW_SETS.map(rowSet => countRows(withDeleted, rowSet))).toEqual([90, 100, 10])
})

test('statistics leave out deleted rows unless only deleted rows are on screen', () => {
  expect(ROW_SETS.map(rowSet => countedRowSet(rowSet))).toEqual(['active', 'active', 'deleted'])
})
