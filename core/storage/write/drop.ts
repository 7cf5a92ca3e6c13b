import type { Store } from '../read/store.ts'
import type { RowMap } from '../../array/rowmap.ts'
import { findWriteTarget } from './write-target.ts'
import { EditableBitmap } from './bitmap.ts'
import { countOf, resolveRows, rowAt, type RowSelection } from './rows.ts'
import { commit, type Writing, writing } from './transaction.ts'

/** Deletes logical rows, all by default, and returns their number. An unknown array is `NOT_FOUND` only with `rows`. */
export function drop(store: Store, names: readonly string[], rows?: RowSelection): number {
  return writing(store, names, session => {
    const wanted = rows === undefined ? names.filter(name => store.get(name) !== undefined) : names
    const changed = [...new Set(wanted)]
      .map(name => ({ name, ...dropped(session, name, rows) }))
      .filter(({ count }) => count > 0)
    if (changed.length > 0) {
      commit(session, { bitmaps: new Map(changed.map(({ name, bitmap }) => [name, bitmap.encode()])) })
    }
    return changed.reduce((sum, { count }) => sum + count, 0)
  })
}

function dropped(
  session: Writing,
  name: string,
  rows: RowSelection | undefined,
): { bitmap: EditableBitmap; count: number } {
  const { reader } = findWriteTarget(session, name)
  const { rowMap, activeRows, physicalRows } = reader
  const bitmap = new EditableBitmap(reader, physicalRows)
  const before = bitmap.deleted
  dropRows(bitmap, resolveRows(rows ?? null, activeRows), rowMap)
  return { bitmap, count: bitmap.deleted - before }
}

export function dropRows(bitmap: EditableBitmap, indexer: ReturnType<typeof resolveRows>, rowMap: RowMap | null): void {
  const physicalOf = (row: number): number => (rowMap === null ? row : rowMap.selectActive(row))
  if (indexer.kind === 'range' && indexer.step === 1 && indexer.count > 0) {
    const last = physicalOf(indexer.start + indexer.count - 1)
    bitmap.dropRange(physicalOf(indexer.start), last + 1, indexer.count)
  } else if (indexer.kind === 'list') {
    bitmap.dropAll(rowMap?.selectActiveAll(indexer.values) ?? indexer.values)
  } else {
    const count = countOf(indexer)
    for (let i = 0; i < count; i++) bitmap.drop(physicalOf(rowAt(indexer, i)))
  }
}

/** Restores deleted rows by their physical numbers, all by default. Returns their number. */
export function restore(store: Store, name: string, rows?: RowSelection): number {
  return writing(store, [name], session => {
    const { reader } = findWriteTarget(session, name)
    const { rowMap, physicalRows } = reader
    const indexer = resolveRows(rows ?? null, physicalRows)
    if (rowMap === null) return 0
    if (rows === undefined) {
      commit(session, { bitmaps: new Map([[name, null]]) })
      return rowMap.deletedRows
    }
    const bitmap = new EditableBitmap(reader, physicalRows)
    const count = countOf(indexer)
    let restored = 0
    for (let i = 0; i < count; i++) if (bitmap.restore(rowAt(indexer, i))) restored++
    if (restored > 0) commit(session, { bitmaps: new Map([[name, bitmap.deleted === 0 ? null : bitmap.encode()]]) })
    return restored
  })
}
