import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { columnFigure, columnNotes, mergeColumns, noColumns, sortedColumns } from './column-figures.ts'

/** What `readColumns` answers for one column of these values, written down as the contract says it. */
function answerFor(values: readonly number[]): Float64Array {
  const finite = values.filter(Number.isFinite)
  const mean = finite.reduce((a, b) => a + b, 0) / finite.length
  const some = finite.length > 0
  return Float64Array.of(
    finite.length,
    values.filter(Number.isNaN).length,
    values.filter(value => Math.abs(value) === Infinity).length,
    values.filter(value => value === 0).length,
    some ? Math.min(...finite) : NaN,
    some ? Math.max(...finite) : NaN,
    some ? mean : NaN,
    some ? finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) : NaN,
    values.reduce((sum, value, row) => (sum + (value === value ? 7 * value : 1) * (row + 1)) >>> 0, 0),
    0,
  )
}

test('merged parts are the whole', () => {
  const value = fc.oneof(fc.integer({ min: -100, max: 100 }), fc.constantFrom(NaN, Infinity))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), fc.nat(30), (values, cut) => {
      const merged = noColumns(1)
      mergeColumns(merged, 0, answerFor(values.slice(0, cut)))
      mergeColumns(merged, 0, answerFor(values.slice(cut)))
      const whole = answerFor(values)
      for (const key of ['nan', 'infinite', 'zeros', 'min', 'max'] as const)
        expect(columnFigure(merged, 0, key)).toBe(columnFigure(whole, 0, key))
      for (const key of ['mean', 'std'] as const) {
        const error = columnFigure(merged, 0, key) - columnFigure(whole, 0, key)
        expect(Math.abs(Number.isNaN(columnFigure(whole, 0, key)) ? 0 : error)).toBeLessThan(1e-8)
      }
    }),
  )
})

test('columns are sorted by any figure, those without it last; odd ones are pointed out', () => {
  const columns = [
    [5, 5, 5],
    [1, 2, 3],
    [NaN, NaN, NaN],
    [9, 0, 1],
    [1, 2, 3],
    [7, NaN, 7],
  ]
  const fields = noColumns(columns.length)
  for (const [column, values] of columns.entries()) mergeColumns(fields, column, answerFor(values))
  expect([...sortedColumns(fields, 'max', true)]).toEqual([3, 5, 0, 1, 4, 2])
  expect([...sortedColumns(fields, 'max', false)]).toEqual([1, 4, 0, 5, 3, 2])
  expect([...sortedColumns(fields, 'column', true)]).toEqual([5, 4, 3, 2, 1, 0])
  expect(columnNotes(fields)).toEqual(['constant', '', 'all NaN', '', 'same as 1', ''])
})
