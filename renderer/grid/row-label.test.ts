import { expect, test } from 'vitest'
import { numbersOfPosition, rowLabel } from './row-label.ts'

const ofActive = { rowSet: { numbering: 'logical', hasActive: true }, deletedRows: 100 } as const
const ofAll = { rowSet: { numbering: 'physical', hasActive: true }, deletedRows: 100 } as const
const ofDeleted = { rowSet: { numbering: null, hasActive: false }, deletedRows: 100 } as const
const ofFound = { rowSet: { numbering: null, hasActive: true }, deletedRows: 100 } as const
const ofFoundInWhole = { ...ofFound, deletedRows: 0 }

test('before a row is read, its label has the numbers that its position tells', () => {
  expect(rowLabel(ofActive, 4000, null)).toEqual({ row: '4,000', onDisk: '…', deleted: false })
  expect(rowLabel(ofAll, 4000, null)).toEqual({ row: '…', onDisk: '4,000', deleted: false })
  expect(rowLabel({ ...ofAll, deletedRows: 0 }, 4000, null)).toEqual({ row: '4,000', onDisk: null, deleted: false })
  expect(rowLabel(ofDeleted, 4000, null)).toEqual({ row: 'deleted', onDisk: '…', deleted: true })
  expect(rowLabel(ofFound, 4000, null)).toEqual({ row: '…', onDisk: '…', deleted: false })
  expect(rowLabel(ofFoundInWhole, 4000, null)).toEqual({ row: '…', onDisk: null, deleted: false })
})

test('a row that was read has its own numbers in every row set', () => {
  for (const source of [ofActive, ofAll, ofFound])
    expect(rowLabel(source, 7, { logical: 30, physical: 42 })).toEqual({ row: '30', onDisk: '42', deleted: false })
  for (const source of [ofAll, ofDeleted, ofFound])
    expect(rowLabel(source, 7, { logical: null, physical: 42 })).toEqual({
      row: 'deleted',
      onDisk: '42',
      deleted: true,
    })
  expect(rowLabel(ofFoundInWhole, 7, { logical: 42, physical: 42 })).toEqual({
    row: '42',
    onDisk: null,
    deleted: false,
  })
})

test('a position tells both numbers of a row only where it counts rows and none is deleted', () => {
  expect(numbersOfPosition({ ...ofActive, deletedRows: 0 }, 5)).toEqual({ logical: 5, physical: 5 })
  expect(numbersOfPosition(ofActive, 5)).toEqual({ logical: 5 })
  expect(numbersOfPosition(ofAll, 5)).toEqual({ physical: 5 })
  expect(numbersOfPosition(ofFoundInWhole, 5)).toEqual({})
})
