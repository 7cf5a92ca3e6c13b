import { formatGroupedNumber } from './grouped-number.ts'
import type { GridSource, RowNumbers } from './grid-types.ts'

export const DELETED_LABEL = 'deleted'

/** The numbers in a row's header; `onDisk` is null when it equals the row number. */
export interface RowLabel {
  row: string
  onDisk: string | null
  deleted: boolean
}

type NumberedSource = Pick<GridSource, 'rowSet' | 'deletedRows'>

/** Returns the numbers that a position gives away before its row is read. */
export function numbersOfPosition({ rowSet, deletedRows }: NumberedSource, position: number): Partial<RowNumbers> {
  if (rowSet.numbering === null) return {}
  return deletedRows === 0 ? { logical: position, physical: position } : { [rowSet.numbering]: position }
}

const formatNumber = (row: number | undefined): string => (row === undefined ? '…' : formatGroupedNumber(row))

/** Returns the label of the row at a position. `numbers` is null until the row is read. */
export function rowLabel(source: NumberedSource, position: number, numbers: RowNumbers | null): RowLabel {
  const { logical, physical } = numbers ?? numbersOfPosition(source, position)
  const deleted = logical === null || !source.rowSet.hasActive
  return {
    row: deleted ? DELETED_LABEL : formatNumber(logical),
    onDisk: source.deletedRows > 0 ? formatNumber(physical) : null,
    deleted,
  }
}
