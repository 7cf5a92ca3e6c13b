import type { RowSet } from '../../array/row-set.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import type { RowSetName } from '../contract/types.ts'

/** Makes the row sets that a window can name. Nothing else in the engine knows which there are. */
export const ROW_SETS: Record<RowSetName, (reader: ArrayReader) => RowSet> = {
  active: reader => reader.activeRowSet,
  all: reader => reader.physicalRowSet,
  deleted: reader => reader.deletedRowSet,
}

export const rowSetOf = (reader: ArrayReader, name: RowSetName): RowSet => ROW_SETS[name](reader)
