import { describe, expect, test } from 'vitest'
import { parseRow } from './parse-row.ts'

const EXTENTS = { rows: 9000, physicalRows: 10_000, columns: 64 }

describe('accepted row numbers', () => {
  test.each([
    ['1234', 1234],
    [' 1,234 ', 1234],
    ['1 234', 1234],
    ['1_234', 1234],
    ['1’234', 1234],
    ['0', 0],
    ['-1', 8999],
    ['−1', 8999],
    ['-9000', 0],
    ['8999', 8999],
  ])('“%s” goes to row %d', (text, row) => {
    expect(parseRow(text, EXTENTS)).toEqual({ ok: true, rowRef: { row, numbering: 'logical' }, column: null })
  })

  test.each([
    ['#0', 0],
    ['#9,999', 9999],
    ['# 12', 12],
    ['#-1', 9999],
  ])('“%s” goes to row %d on disk', (text, row) => {
    expect(parseRow(text, EXTENTS)).toEqual({ ok: true, rowRef: { row, numbering: 'physical' }, column: null })
  })
})

describe('a row and a column', () => {
  test.each([
    ['12, 5', 12, 5],
    ['12,5', 12, 5],
    ['12 ; 63', 12, 63],
    ['1,234, 5', 1234, 5],
    ['-1, -1', 8999, 63],
    ['12, 50', 12, 50],
  ])('“%s” goes to row %d and column %d', (text, row, column) => {
    expect(parseRow(text, EXTENTS)).toEqual({ ok: true, rowRef: { row, numbering: 'logical' }, column })
  })

  test('a row on disk may have a column, too', () => {
    expect(parseRow('#12, 5', EXTENTS)).toEqual({ ok: true, rowRef: { row: 12, numbering: 'physical' }, column: 5 })
  })

  test('a column that is not there is refused', () => {
    expect(parseRow('12, 64', EXTENTS)).toMatchObject({ ok: false, message: expect.stringContaining('0 to 63') })
  })
})

describe('refused row numbers', () => {
  test.each(['9000', '-9001', '99999999999999999999'])('row %s is refused as out of range', text => {
    expect(parseRow(text, EXTENTS)).toEqual({ ok: false, message: 'The rows go from 0 to 8,999.' })
  })

  test('a row on disk out of range is refused', () => {
    expect(parseRow('#10000', EXTENTS)).toEqual({ ok: false, message: 'The rows on disk go from #0 to #9,999.' })
  })

  test.each(['', 'abc', '1.5', '1e3', '--1', '12a', '1 2', '12, 5, 6', '1.5, 2'])(
    '“%s” is refused as a row number',
    text => {
      expect(parseRow(text, EXTENTS)).toMatchObject({ ok: false, message: expect.stringContaining('row number') })
    },
  )

  test('an array without rows refuses every row number', () => {
    expect(parseRow('0', { rows: 0, physicalRows: 5, columns: 1 })).toEqual({
      ok: false,
      message: 'There are no rows to go to.',
    })
  })
})
