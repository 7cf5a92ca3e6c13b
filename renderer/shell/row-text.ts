import type { ArrayInfo, View } from '../../core/explorer/contract/types.ts'
import type { CurrentRow } from '../model/use-current-row.ts'
import { count, countOf } from '../ui/format.ts'

/** Describes the current row: 'Row 4,812,337 of 9,871,204 active'. `row` is null while unknown. */
export function rowText({ shape, deletedRows }: ArrayInfo, view: View, row: CurrentRow | null): string {
  const active = shape[0] ?? 0
  if (view === 'deleted') {
    if (row === null) return countOf(deletedRows, 'deleted row')
    return `Deleted row ${count(row.position + 1)} of ${count(deletedRows)}, on disk ${count(row.physical)}`
  }
  if (row === null) return `${countOf(active, 'row')} active`
  if (row.logical === null) return `Deleted row, on disk ${count(row.physical)}`
  return `Row ${count(row.logical)} of ${count(active)} active`
}
