import type { ArrayReader } from '../../storage/read/reader.ts'
import type { Params, Result } from '../contract/types.ts'

/** The nearest number that a view of `count` rows has; 0 when it has none. */
const within = (row: number, count: number): number => Math.max(0, Math.min(row, count - 1))

/** Answers `locateRow`: numbers beyond the array's end mean its last row. */
export function locateRow(
  reader: ArrayReader,
  { view, row, numbering }: Pick<Params<'locateRow'>, 'view' | 'row' | 'numbering'>,
): Result<'locateRow'> {
  const byLogical = numbering === 'logical' && reader.activeRows > 0
  const physicalRow = byLogical
    ? reader.physicalRow('active', within(row, reader.activeRows))
    : within(row, reader.physicalRows)
  const shown = reader.rowsIn(view)
  return {
    position: shown === 0 ? null : within(reader.position(view, physicalRow), shown),
    physicalRow,
    logicalRow: within(reader.position('active', physicalRow), reader.activeRows),
    deleted: reader.physicalRows > 0 && reader.isDeleted(physicalRow),
  }
}
