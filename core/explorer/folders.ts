import { type Dirent, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { FolderEntry, Result } from './contract/types.ts'
import { cannotRead, isStoreFolder } from './store-path.ts'

/** At most this many entries are listed: enough to scroll through, small enough to send. */
const MAX_ENTRIES = 2000

const byName = new Intl.Collator('en', { numeric: true })

function isFolder(parent: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory()
  try {
    return statSync(join(parent, entry.name)).isDirectory()
  } catch {
    return false
  }
}

/**
 * The folders in a folder, stores marked, for choosing one to open; null is the home folder. Hidden folders are left
 * out. Throws NOT_FOUND, ARGUMENT (no folder) or IO.
 */
export function listFolder(path: string | null): Result<'listFolder'> {
  const folder = resolve(path ?? homedir())
  let found: Dirent[]
  try {
    found = readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw cannotRead(folder, error)
  }
  const names = found.filter(entry => !entry.name.startsWith('.') && isFolder(folder, entry)).map(entry => entry.name)
  const entries = names
    .sort(byName.compare)
    .slice(0, MAX_ENTRIES)
    .map((name): FolderEntry => {
      const path = join(folder, name)
      return { name, path, kind: isStoreFolder(path) ? 'store' : 'folder' }
    })
  const parent = dirname(folder)
  return {
    path: folder,
    parent: parent === folder ? null : parent,
    entries,
    truncated: names.length > MAX_ENTRIES,
  }
}
