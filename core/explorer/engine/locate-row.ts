import type { ArrayReader } from '../../storage/read/reader.ts'
import type { Params, Result } from '../contract/types.ts'
import { rowSetOf } from './row-sets.ts'

const within = (row: number, count: number): number => Math.max(0, Math.min(row, count - 1))

/** Answers `locateRow`: numbers beyond the array's end mean its last row. */
export function locateRow(
  reader: ArrayReader,
  { rowSet, row, numbering }: Pick<Params<'locateRow'>, 'rowSet' | 'row' | 'numbering'>,
): Result<'locateRow'> {
  const active = reader.activeRowSet
  const byLogical = numbering === 'logical' && active.count > 0
  const physicalRow = byLogical ? active.select(within(row, active.count)) : within(row, reader.physicalRows)
  const shown = rowSetOf(reader, rowSet)
  return {
    position: shown.count === 0 ? null : within(shown.rank(physicalRow), shown.count),
    physicalRow,
    logicalRow: within(active.rank(physicalRow), active.count),
    deleted: reader.physicalRows > 0 && reader.isDeleted(physicalRow),
  }
}
