import { rowSetFacts } from '../../core/explorer/contract/row-sets.ts'
import type { ArrayInfo, RowSetName } from '../../core/explorer/contract/types.ts'
import type { CurrentRow } from '../model/use-current-row.ts'
import { formatInteger, pluralize } from '../ui/format.ts'

export function formatCurrentRow(
  { shape, deletedRows }: ArrayInfo,
  rowSet: RowSetName,
  row: CurrentRow | null,
): string {
  const active = shape[0] ?? 0
  if (!rowSetFacts(rowSet).hasActive) {
    if (row === null) return pluralize(deletedRows, 'deleted row')
    return `Deleted row ${formatInteger(row.position + 1)} of ${formatInteger(deletedRows)}, on disk ${formatInteger(row.physical)}`
  }
  if (row === null) return `${pluralize(active, 'row')} active`
  if (row.logical === null) return `Deleted row, on disk ${formatInteger(row.physical)}`
  return `Row ${formatInteger(row.logical)} of ${formatInteger(active)} active`
}
