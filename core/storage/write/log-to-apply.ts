import { NumPackError } from '../../format/errors.ts'
import type { ArrayRecord } from '../../format/metadata.ts'
import { bitmapFileOf } from '../../format/names.ts'
import { type AppliedLog, bitmapToApply } from '../read/array.ts'
import { findFile } from '../read/folder.ts'
import type { Store } from '../read/store.ts'
import { loggedBitmap, loggedRows, type PendingWriteLog } from '../read/write-log.ts'

/**
 * Returns the parts of the write log to finish for an array: only the bitmap if the array can't be opened. Throws if it
 * has logged rows and can't be opened at the moment, because they must not be lost.
 */
export function logToApply(store: Store, pending: PendingWriteLog, record: ArrayRecord): AppliedLog {
  const applied = store.opened(record.name)?.applied ?? null
  if (applied !== null) return applied
  if (loggedRows(pending, record) !== undefined) refuseUnreadable(store, record.name)
  if (loggedBitmap(pending, record) === undefined) return { bitmap: undefined, rows: undefined }
  const found = findFile(store.folder, bitmapFileOf(record.name))
  return { bitmap: bitmapToApply(store.folder, record, found), rows: undefined }
}

/** Throws why an array can't be read, unless that stays so: its files are damaged or behind a link. */
function refuseUnreadable(store: Store, name: string): void {
  try {
    store.reader(name)
  } catch (error) {
    if (!(error instanceof NumPackError) || (error.code !== 'DAMAGED' && error.code !== 'PATH_ESCAPE')) throw error
  }
}
