import { describe, expect, test } from 'vitest'
import type { RowSet } from '../array/row-set.ts'
import { AscendingRows, ListedRows } from '../array/test-support/listed-rows.ts'
import { openStore } from '../storage/read/store.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'
import { columnStatisticsOf } from './column-statistics.ts'
import { statisticsOf } from './statistics.ts'

const ROWS = 24

const sets: [name: string, rows: number[], make: (rows: number[]) => RowSet][] = [
  ['every third row', Array.from({ length: ROWS / 3 }, (_, i) => 3 * i), rows => new AscendingRows(rows)],
  ['rows in any order', [9, 2, 23, 0, 17, 4, 5, 6], rows => new ListedRows(rows)],
]

/** Short rows; rows with a gap between their parts that is not read; rows longer than the memory of a scan. */
const SHAPES: [columns: number, part: [number, number], range: [number, number]][] = [
  [3, [0, 3], [1, 7]],
  [5000, [2, 5], [1, 7]],
  [140_000, [1, 139_000], [5, 7]],
]

const elementAt = (row: number, column: number): number => ((row * 7) % ROWS) - (column % 11) / 4

describe.each(sets)('statistics of %s', (_, rows, make) => {
  test.each(SHAPES)('of %i columns, those of %j, are those of their elements', async (columns, part, range) => {
    const data = Float64Array.from({ length: ROWS * columns }, (_, i) =>
      elementAt(Math.floor(i / columns), i % columns),
    )
    using store = new ScratchStore({ name: 'x', dtype: 'float64', shape: [ROWS, columns], data, deleted: [3, 5, 9] })
    const reader = openStore(store.path, { readOnly: true }).reader('x')
    const read = rows.slice(...range)
    // No other thread can use these sets: whatever the number of workers, this one scans.
    for (const workers of [undefined, 2]) {
      const options = { rowSet: make(rows), rows: range, columns: part, ...(workers && { workers }) }
      const whole = await statisticsOf(reader, { ...options, quantiles: [0, 1] })
      const values = read.flatMap(row =>
        Array.from({ length: part[1] - part[0] }, (_, i) => elementAt(row, part[0] + i)),
      )
      const least = values.reduce((least, value) => Math.min(least, value))
      const at = values.indexOf(least)
      const width = part[1] - part[0]
      expect(whole).toMatchObject({
        count: values.length,
        min: least,
        minAt: [range[0] + Math.floor(at / width), part[0] + (at % width)],
        sum: values.reduce((sum, value) => sum + value, 0),
        partial: false,
      })
      const each = await columnStatisticsOf(reader, { ...options, axis: 0 })
      expect([...each.max.data]).toEqual(
        Array.from({ length: width }, (_, i) => Math.max(...read.map(row => elementAt(row, part[0] + i)))),
      )
      expect(each.minAt.data[0]).toBe(
        range[0] +
          read.findIndex(row => elementAt(row, part[0]) === Math.min(...read.map(other => elementAt(other, part[0])))),
      )
    }
  })
})
