import type { RowSetName } from '../../core/explorer/contract/types.ts'
import { formatGroupedNumber } from './grouped-number.ts'
import type { RowNumbers } from './grid-types.ts'

export const DELETED_LABEL = 'deleted'

/** The numbers in a row's header; `onDisk` is null when it equals the row number. */
export interface RowLabel {
  row: string
  onDisk: string | null
  deleted: boolean
}

export function rowLabel(
  rowSet: RowSetName,
  position: number,
  numbers: RowNumbers | null,
  showOnDisk: boolean,
): RowLabel {
  const logical = numbers === null ? (rowSet === 'active' || !showOnDisk ? position : undefined) : numbers.logical
  const physical = numbers?.physical ?? (rowSet === 'all' ? position : undefined)
  const deleted = logical === null || rowSet === 'deleted'
  return {
    row: deleted ? DELETED_LABEL : logical === undefined ? '…' : formatGroupedNumber(logical),
    onDisk: showOnDisk ? (physical === undefined ? '…' : formatGroupedNumber(physical)) : null,
    deleted,
  }
}
