import { NumPackError } from '../../format/errors.ts'
import { type AxisSelection, type Indexer, resolveSelection } from '../../array/selection.ts'

/** Rows that a caller named: an integer, a slice, a list or a mask. */
export type RowSelection = AxisSelection

/**
 * The rows given to a call that means all rows without them. Throws `ARGUMENT` for `undefined`: it stands for a variable
 * that was not set, not for every row.
 */
export function rowsGiven(given: readonly [rows?: RowSelection], call: string): RowSelection | undefined {
  if (given.length > 0 && given[0] === undefined) {
    throw new NumPackError(
      'ARGUMENT',
      `${call}() was given undefined as rows: leave the argument out to mean all rows.`,
    )
  }
  return given[0]
}

/** The rows that a selection of the first axis names, in its order. Throws `INDEX` or `ARGUMENT`. */
export function resolveRows(rows: RowSelection, count: number): Exclude<Indexer, { kind: 'separator' }> {
  if (rows === '...') {
    throw new NumPackError('ARGUMENT', `'...' names no rows; give an integer, slice(), a list or a mask.`)
  }
  const [indexer] = resolveSelection([rows], [count])
  if (indexer === undefined || indexer.kind === 'separator') throw new NumPackError('ARGUMENT', 'no rows are named')
  return indexer
}

/** How many rows an indexer names, repeats included. */
export function countOf(indexer: ReturnType<typeof resolveRows>): number {
  if (indexer.kind === 'integer') return 1
  return indexer.kind === 'range' ? indexer.count : indexer.values.length
}

/** Row number `i` of an indexer. */
export function rowAt(indexer: ReturnType<typeof resolveRows>, i: number): number {
  if (indexer.kind === 'integer') return indexer.index
  return indexer.kind === 'range' ? indexer.start + i * indexer.step : (indexer.values[i] as number)
}

/** All rows of an indexer, in its order. */
export function rowsOf(indexer: ReturnType<typeof resolveRows>): Float64Array {
  return indexer.kind === 'list'
    ? indexer.values
    : Float64Array.from({ length: countOf(indexer) }, (_, i) => rowAt(indexer, i))
}
