import { arrayOfBitmapFile, isDataFile, METADATA_FILE } from '../../format/names.ts'
import { Patience } from '../../system/insist.ts'
import { isReplaceable } from '../read/switch.ts'
import type { Store } from '../read/store.ts'
import { attempt } from './file-backup.ts'
import { filesInSegments } from './data-files.ts'
import { removeOwn } from './own-files.ts'

/** Removes files that no array uses. Best effort, after the commit: those that stay are reported as leftovers later. */
export function removeObsoleteFiles(store: Store, files: readonly string[]): void {
  if (files.length === 0 || !attempt(() => store.refreshRecords())) return
  const { index } = store
  const { files: inSegments, complete } = filesInSegments(store, index.segmentLists)
  const isUsed = (file: string): boolean =>
    index.isDataFile(file) || inSegments.has(file) || isBitmapOf(store, file) || (!complete && file.includes('/'))
  // Windows doesn't remove open files; readers open theirs again.
  if (process.platform === 'win32') store.folder.pool.closeAll()
  const patience = new Patience()
  for (const file of files) {
    if (isOwnFile(file) && !isUsed(file)) attempt(() => removeOwn(store.folder, file, patience))
  }
}

function isBitmapOf(store: Store, file: string): boolean {
  const name = arrayOfBitmapFile(file)
  return name !== undefined && store.findRecord(name) !== undefined
}

/** Whether the engine names data or bitmap files like this. Any other file may be anyone's. */
export const isOwnFile = (file: string): boolean => isDataFile(file) || (file !== METADATA_FILE && isReplaceable(file))
