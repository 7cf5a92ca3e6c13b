import { METADATA_FILE } from '../../format/names.ts'
import { accessOf, accessThrough, type FileAccess, narrowest } from '../../system/file-access.ts'
import { findFile, type FoundFile, type StoreFolder } from './folder.ts'

/** Permissions for a new file: those of the first existing one of `files`, else the metadata's; null in a new store. */
export function accessLike(folder: StoreFolder, ...files: readonly string[]): FileAccess | null {
  for (const file of [...files, METADATA_FILE]) {
    const found = findFile(folder, file)
    if (found.kind === 'file') return accessOf(found.stat)
  }
  return null
}

/** Returns the permissions that users have on a file, limited by those of its folder. */
export function accessWithin({ stat, parent }: Extract<FoundFile, { kind: 'file' }>): FileAccess {
  const access = accessOf(stat)
  if (parent === undefined) return access
  return narrowest(access, { ...accessThrough(parent), uid: access.uid }) ?? access
}
