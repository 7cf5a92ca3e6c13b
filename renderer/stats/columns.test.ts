import { expect, test } from 'vitest'
import { COLUMN_FIGURES, columnFigure } from '../../core/explorer/contract/columns.ts'
import { columnNotes, sortedColumns } from './column-figures.ts'

/** What `readColumnStatistics` answers for these columns. */
function answerFor(columns: readonly (readonly number[])[]): Float64Array {
  const fields = new Float64Array(COLUMN_FIGURES.length * columns.length)
  for (const [column, values] of columns.entries()) {
    const finite = values.filter(Number.isFinite)
    columnFigure(fields, 'finite')[column] = finite.length
    columnFigure(fields, 'nan')[column] = values.filter(Number.isNaN).length
    columnFigure(fields, 'infinite')[column] = values.filter(value => Math.abs(value) === Infinity).length
    columnFigure(fields, 'min')[column] = finite.length > 0 ? Math.min(...finite) : NaN
    columnFigure(fields, 'max')[column] = finite.length > 0 ? Math.max(...finite) : NaN
    columnFigure(fields, 'first')[column] = columns.findIndex(other => String(other) === String(values))
  }
  return fields
}

test('columns are sorted by any figure, those without it last; odd ones are pointed out', () => {
  const fields = answerFor([
    [5, 5, 5],
    [1, 2, 3],
    [NaN, NaN, NaN],
    [9, 0, 1],
    [1, 2, 3],
    [7, NaN, 7],
  ])
  expect([...sortedColumns(fields, 'max', true)]).toEqual([3, 5, 0, 1, 4, 2])
  expect([...sortedColumns(fields, 'max', false)]).toEqual([1, 4, 0, 5, 3, 2])
  expect([...sortedColumns(fields, 'column', true)]).toEqual([5, 4, 3, 2, 1, 0])
  expect(columnNotes(fields)).toEqual(['constant', '', 'all NaN', '', 'same as 1', ''])
})
