import { expect, test } from 'vitest'
import { COLUMN_FIGURES, columnFigure } from '../../../../core/explorer/contract/columns.ts'
import { pageRange, pagesOf } from './column-pages.tsx'
import { columnNotes, sortedColumns } from './column-order.ts'

function answerFor(columns: readonly (readonly number[])[]): Float64Array {
  const fields = new Float64Array(COLUMN_FIGURES.length * columns.length)
  for (const [column, values] of columns.entries()) {
    const finite = values.filter(Number.isFinite)
    columnFigure(fields, 'finite')[column] = finite.length
    columnFigure(fields, 'nan')[column] = values.filter(Number.isNaN).length
    columnFigure(fields, 'infinite')[column] = values.filter(value => Math.abs(value) === Infinity).length
    columnFigure(fields, 'min')[column] = finite.length > 0 ? Math.min(...finite) : NaN
    columnFigure(fields, 'max')[column] = finite.length > 0 ? Math.max(...finite) : NaN
    columnFigure(fields, 'constant')[column] = Number(values.every(value => value === values[0]))
    columnFigure(fields, 'first')[column] = columns.findIndex(other => String(other) === String(values))
  }
  return fields
}

test('columns sort by any statistic, missing values last, and odd columns are marked', () => {
  const fields = answerFor([
    [5, 5, 5],
    [1, 2, 3],
    [NaN, NaN, NaN],
    [9, 0, 1],
    [1, 2, 3],
    [7, NaN, 7],
  ])
  expect([...sortedColumns(fields, 'float64', 'max', true)]).toEqual([3, 5, 0, 1, 4, 2])
  expect([...sortedColumns(fields, 'float64', 'max', false)]).toEqual([1, 4, 0, 5, 3, 2])
  expect([...sortedColumns(fields, 'float64', 'column', true)]).toEqual([5, 4, 3, 2, 1, 0])
  expect(columnNotes(fields)).toEqual(['constant', '', 'all NaN', '', 'same as 1', ''])
})

test('64-bit integers sort in the order that a float64 does not keep', () => {
  const values = [2n ** 60n + 1n, 2n ** 60n, -(2n ** 63n), 2n ** 63n - 1n, 2n ** 60n + 2n]
  const fields = new Float64Array(COLUMN_FIGURES.length * values.length)
  columnFigure(fields, 'finite').fill(1)
  new BigInt64Array(fields.buffer, columnFigure(fields, 'max').byteOffset, values.length).set(values)
  expect([...sortedColumns(fields, 'int64', 'max', false)]).toEqual([2, 1, 0, 4, 3])
})

test('columns of a later page keep their own numbers', () => {
  expect(
    columnNotes(
      answerFor([
        [1, 2],
        [3, 4],
        [1, 2],
      ]),
      65_536,
    ),
  ).toEqual(['', '', 'same as 65536'])
})

test('a page has 65,536 columns, the last page the rest', () => {
  expect([0, 1, 5001, 65_536, 65_537, 20_000_000].map(pagesOf)).toEqual([1, 1, 1, 1, 2, 306])
  expect(pageRange(0, 5001)).toEqual([0, 5001])
  expect(pageRange(305, 20_000_000)).toEqual([19_988_480, 20_000_000])
})
