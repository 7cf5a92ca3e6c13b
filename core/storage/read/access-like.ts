import { METADATA_FILE } from '../../format/names.ts'
import { accessOf, type FileAccess } from '../../system/file-access.ts'
import { findFile, type StoreFolder } from './folder.ts'

/**
 * Returns the permissions of a new file of a store: those of the first existing one of `files`, else the metadata's.
 * Returns null in a new store, where the umask decides.
 */
export function accessLike(folder: StoreFolder, ...files: readonly string[]): FileAccess | null {
  for (const file of [...files, METADATA_FILE]) {
    const found = findFile(folder, file)
    if (found.kind === 'file') return accessOf(found.stat)
  }
  return null
}
