import type { Store } from '../read/store.ts'
import { findWriteTarget } from './write-target.ts'
import { copyRows } from './copy-rows.ts'
import { checkClash, checkName, freeDataFile, nameTaken } from './names.ts'
import { filesReplacedBy, newRecord } from './save.ts'
import { commit, newFile, type Writing, writing } from './transaction.ts'
import type { ArrayReader } from '../read/reader.ts'

/** Rewrites an array without its deleted rows, as one file. */
export function compact(store: Store, name: string): void {
  writing(store, [name], session => {
    const { reader } = findWriteTarget(session, name)
    if (reader.rowMap === null) return
    if (reader.rowMap.deletedRows === 0) commit(session, { bitmaps: new Map([[name, null]]) })
    else rewrite(session, reader, name)
  })
}

export function clone(store: Store, from: string, to: string): void {
  checkName(to)
  writing(store, [from, to], session => {
    const reader = store.reader(from)
    if (store.findRecord(to) !== undefined) throw nameTaken(store.path, to)
    checkClash(session, [to])
    rewrite(session, reader, to)
  })
}

function rewrite(session: Writing, reader: ArrayReader, name: string): void {
  const file = freeDataFile(session, name)
  const record = newRecord(name, reader.dtype, reader.shape, file, reader.activeRows * reader.rowBytes)
  const changes = { records: new Map([[name, record]]), created: [file], ...filesReplacedBy(session, [name]) }
  commit(session, changes, () => {
    using output = newFile(session, file, reader.name)
    copyRows(reader, output)
    output.sync()
  })
}
