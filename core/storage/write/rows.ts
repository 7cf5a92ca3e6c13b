import { NumPackError } from '../../format/errors.ts'
import { type AxisSelection, type Indexer, resolveSelection } from '../../array/selection.ts'

/** Rows that a caller names: an integer, a slice, a list or a mask. */
export type RowSelection = AxisSelection

/** No argument means all rows; `undefined` throws `ARGUMENT`, because it stands for a variable that was not set. */
export function rowsGiven(given: readonly [rows?: RowSelection], call: string): RowSelection | undefined {
  if (given.length > 0 && given[0] === undefined) {
    throw new NumPackError(
      'ARGUMENT',
      `${call}() was given undefined as rows: leave the argument out to mean all rows.`,
    )
  }
  return given[0]
}

export function resolveRows(rows: RowSelection, count: number): Exclude<Indexer, { kind: 'separator' }> {
  if (rows === '...') {
    throw new NumPackError('ARGUMENT', `'...' names no rows; give an integer, slice(), a list or a mask.`)
  }
  const [indexer] = resolveSelection([rows], [count])
  if (indexer === undefined || indexer.kind === 'separator') throw new NumPackError('ARGUMENT', 'no rows are named')
  return indexer
}

/** Counts repeats. */
export function countOf(indexer: ReturnType<typeof resolveRows>): number {
  if (indexer.kind === 'integer') return 1
  return indexer.kind === 'range' ? indexer.count : indexer.values.length
}

export function rowAt(indexer: ReturnType<typeof resolveRows>, i: number): number {
  if (indexer.kind === 'integer') return indexer.index
  return indexer.kind === 'range' ? indexer.start + i * indexer.step : (indexer.values[i] as number)
}

export function rowsOf(indexer: ReturnType<typeof resolveRows>): Float64Array {
  return indexer.kind === 'list'
    ? indexer.values
    : Float64Array.from({ length: countOf(indexer) }, (_, i) => rowAt(indexer, i))
}
