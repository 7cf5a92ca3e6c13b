import { rowSetFacts } from '../../core/explorer/contract/row-sets.ts'
import type { RowRef, RowSetName } from '../../core/explorer/contract/types.ts'
import type { RowNumbers } from '../grid/index.ts'

export const FIRST_ROW: RowRef = { row: 0, numbering: 'logical' }

export function rowRefOf(rowSet: RowSetName, position: number, numbers: RowNumbers | null): RowRef {
  const { numbering } = rowSetFacts(rowSet)
  if (numbering !== null) return { row: position, numbering }
  return numbers === null ? FIRST_ROW : { row: numbers.physical, numbering: 'physical' }
}

/** Returns the position of a row among `rows` rows, clamped to the last one; null when only the host knows it. */
export function directPosition(rowRef: RowRef, rowSet: RowSetName, rows: number): number | null {
  if (rows > 0 && rowRef.numbering !== rowSetFacts(rowSet).numbering) return null
  return Math.max(0, Math.min(rowRef.row, rows - 1))
}

/** The cursor's row while it is on screen (top <= row < end), else the top row. */
export const locationRow = (top: number, cursor: number, end: number): number =>
  cursor >= top && cursor < end ? cursor : top
