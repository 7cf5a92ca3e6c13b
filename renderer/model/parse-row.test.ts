import { describe, expect, test } from 'vitest'
import { parseRow } from './parse-row.ts'

const ROWS = 9000
const ON_DISK = 10_000

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
    expect(parseRow(text, ROWS, ON_DISK)).toEqual({ ok: true, rowRef: { row, numbering: 'logical' } })
  })

  test.each([
    ['#0', 0],
    ['#9,999', 9999],
    ['# 12', 12],
    ['#-1', 9999],
  ])('“%s” goes to row %d on disk', (text, row) => {
    expect(parseRow(text, ROWS, ON_DISK)).toEqual({ ok: true, rowRef: { row, numbering: 'physical' } })
  })
})

describe('refused row numbers', () => {
  test.each(['9000', '-9001', '99999999999999999999'])('row %s is refused as out of range', text => {
    expect(parseRow(text, ROWS, ON_DISK)).toEqual({ ok: false, message: 'The rows go from 0 to 8,999.' })
  })

  test('a row on disk out of range is refused', () => {
    expect(parseRow('#10000', ROWS, ON_DISK)).toEqual({ ok: false, message: 'The rows on disk go from #0 to #9,999.' })
  })

  test.each(['', 'abc', '1.5', '1e3', '--1', '12a'])('“%s” is refused as a row number', text => {
    expect(parseRow(text, ROWS, ON_DISK)).toMatchObject({ ok: false, message: expect.stringContaining('row number') })
  })

  test('an array without rows refuses every row number', () => {
    expect(parseRow('0', 0, 5)).toEqual({ ok: false, message: 'There are no rows to go to.' })
  })
})
