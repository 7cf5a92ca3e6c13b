import type { RowSet } from '../../array/row-set.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import type { RowSetName } from '../contract/types.ts'

export const ROW_SETS: Record<RowSetName, (reader: ArrayReader) => RowSet> = {
  active: reader => reader.activeRowSet,
  all: reader => reader.physicalRowSet,
  deleted: reader => reader.deletedRowSet,
}

/** Makes a row set of an array. The one element of an array without axes is in every row set. */
export const rowSetOf = (reader: ArrayReader, name: RowSetName): RowSet =>
  reader.physicalShape.length === 0 ? reader.physicalRowSet : ROW_SETS[name](reader)
