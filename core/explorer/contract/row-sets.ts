import type { ArrayInfo, RowSetName } from './types.ts'

/** Rows of an array in a row set. 0-D arrays have none. */
export function countRows(
  array: Pick<ArrayInfo, 'shape' | 'physicalShape' | 'deletedRows'>,
  rowSet: RowSetName,
): number {
  if (rowSet === 'deleted') return array.deletedRows
  return (rowSet === 'active' ? array.shape[0] : array.physicalShape[0]) ?? 0
}

/** The rows that figures can count. */
export type CountedRowSet = Exclude<RowSetName, 'all'>

/** Those that they count while a row set is on screen: deleted rows count only where they are looked at alone. */
export const countedRowSet = (rowSet: RowSetName): CountedRowSet => (rowSet === 'deleted' ? 'deleted' : 'active')
