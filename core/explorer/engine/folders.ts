import { type Dirent, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { homeFolder } from '../../system/user-folders.ts'
import type { FolderEntry, Result } from '../contract/types.ts'
import { cannotRead, hasPackageName, isStoreFolder } from './store-path.ts'

/** At most this many entries are listed: enough to scroll through, small enough to send. */
const MAX_ENTRIES = 2000

const byName = new Intl.Collator('en', { numeric: true })

/** Whether an entry of a folder is listed: a folder, or by its name a package. */
function isListed(parent: string, entry: Dirent): boolean {
  if (entry.name.startsWith('.')) return false
  if (entry.isDirectory()) return true
  if (!entry.isSymbolicLink()) return entry.isFile() && hasPackageName(entry.name)
  try {
    const target = statSync(join(parent, entry.name))
    return target.isDirectory() || (target.isFile() && hasPackageName(entry.name))
  } catch {
    return false
  }
}

function kindOf(path: string): FolderEntry['kind'] {
  if (isStoreFolder(path)) return 'store'
  return hasPackageName(path) && statSync(path, { throwIfNoEntry: false })?.isFile() ? 'package' : 'folder'
}

/**
 * The folders and packages in a folder, stores marked, for choosing one to open; null is the home folder, or the
 * root where there is none. What is hidden is left out. Throws NOT_FOUND, ARGUMENT (no folder) or IO.
 */
export function listFolder(path: string | null): Result<'listFolder'> {
  const folder = resolve(path ?? homeFolder() ?? '/')
  let found: Dirent[]
  try {
    found = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw cannotRead(folder, error)
  }
  const names = found.filter(entry => isListed(folder, entry)).map(entry => entry.name)
  const entries = names
    .sort(byName.compare)
    .slice(0, MAX_ENTRIES)
    .map((name): FolderEntry => {
      const path = join(folder, name)
      return { name, path, kind: kindOf(path) }
    })
  const parent = dirname(folder)
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    entries,
    truncated: names.length > MAX_ENTRIES,
  }
}
