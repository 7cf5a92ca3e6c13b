import { describe, expect, test } from 'vitest'
import { ActiveRows, type AscendingRowSet, DeletedRows, FirstRows } from './row-set.ts'
import { RowMap } from './rowmap.ts'

/** Neither a multiple of 32 nor of 64, so that the last word of the bitmap is incomplete. */
const ROWS = 300
const isActive = (row: number): boolean => row % 7 !== 0 && !(row >= 64 && row < 140) && row !== ROWS - 1

function makeRowMap(): RowMap {
  const words = new Uint32Array(Math.ceil(ROWS / 32))
  for (let row = 0; row < ROWS; row++) if (isActive(row)) words[row >> 5]! |= 1 << (row & 31)
  return new RowMap(words, ROWS)
}

const all = Array.from({ length: ROWS }, (_, row) => row)
const cases: [name: string, set: AscendingRowSet, rows: number[]][] = [
  ['all rows', new FirstRows(ROWS), all],
  ['no rows', new FirstRows(0), []],
  ['active rows', new ActiveRows(makeRowMap()), all.filter(isActive)],
  ['deleted rows', new DeletedRows(makeRowMap()), all.filter(row => !isActive(row))],
]

describe.each(cases)('a set of %s', (_, set, rows) => {
  test('counts its rows and selects the row at each position', () => {
    expect(set.count).toBe(rows.length)
    expect(rows.map((_row, position) => set.select(position))).toEqual(rows)
    expect(set.isIdentity).toBe(rows.every((row, position) => row === position))
  })

  test('selects the rows at a range of positions', () => {
    const out = new Float64Array(Math.max(0, rows.length - 5))
    set.selectRange(out, 3)
    expect([...out]).toEqual(rows.slice(3, 3 + out.length))
  })

  test('ranks a physical row by the number of its own rows before it', () => {
    for (let row = 0; row <= ROWS; row++) expect(set.rank(row)).toBe(rows.filter(other => other < row).length)
  })

  test('finds the next row inside and outside the set', () => {
    for (let row = 0; row < ROWS; row++) {
      const inside = rows.find(other => other >= row) ?? ROWS
      const outside = all.find(other => other >= row && !rows.includes(other)) ?? ROWS
      expect(Math.min(ROWS, set.nextIn(row, ROWS))).toBe(inside)
      expect(Math.min(ROWS, set.nextOut(row, ROWS))).toBe(outside)
    }
  })
})
