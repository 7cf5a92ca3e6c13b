import { type Dirent, lstatSync, opendirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { resolveGivenPath } from '../../system/given-path.ts'
import { givenPathError } from '../../system/io-error.ts'
import { homeFolder } from '../../system/user-folders.ts'
import type { FolderEntry, Result } from '../contract/types.ts'
import { compareNames } from './natural-order.ts'
import { findPath, hasPackageName, isStoreFolder } from './store-path.ts'

/** At most this many entries are listed: enough to scroll through, small enough to send. */
const MAX_ENTRIES = 2000

/** Most names read from a folder; this many take 0.1 s. */
const MOST_NAMES = 50_000

/** Most folders, links and packages sorted by name; this many take up to 0.2 s. */
const MOST_SORTED = 10_000

/** Whether an entry may be listed, by name and type: a folder, a package, or a link, which may lead to one. */
const maybeListed = (entry: Dirent): boolean =>
  !entry.name.startsWith('.') &&
  (entry.isDirectory() || entry.isSymbolicLink() || (entry.isFile() && hasPackageName(entry.name)))

/** Returns the entries of a folder that may be listed, up to the bounds above. */
function entriesIn(folder: string): { found: Dirent[]; isComplete: boolean } {
  using entries = opendirSync(folder, { bufferSize: 1000 })
  const found: Dirent[] = []
  for (let names = 0; names < MOST_NAMES && found.length < MOST_SORTED; names++) {
    const entry = entries.readSync()
    if (entry === null) return { found, isComplete: true }
    if (maybeListed(entry)) found.push(entry)
  }
  return { found, isComplete: entries.readSync() === null }
}

/** Whether an entry is listed. Follows links. */
function isListed(parent: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return true
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
 * Returns why an entry can't be opened, or null. Linux allows any bytes in names; Node reads those that are not UTF-8 as
 * U+FFFD, which leads to no file.
 */
function problemOf(path: string): string | null {
  const isReadable = !path.includes('\uFFFD') || lstatSync(path, { throwIfNoEntry: false }) !== undefined
  return isReadable ? null : 'Its name holds bytes that are not UTF-8. Rename it to open it.'
}

function entryAt(path: string): FolderEntry {
  const problem = problemOf(path)
  return { name: basename(path), path, kind: problem === null ? kindOf(path) : 'folder', problem }
}

/** Returns the folder to list for a path that a user gave, and the store or package that the path leads to. */
function foundAt(path: string): { folder: string; found: FolderEntry | null } {
  const given = resolveGivenPath(path)
  try {
    if (statSync(given).isDirectory())
      return isStoreFolder(given) ? { folder: dirname(given), found: entryAt(given) } : { folder: given, found: null }
  } catch (error) {
    throw givenPathError(error, given)
  }
  const { kind, path: found } = findPath(given)
  return { folder: dirname(found), found: { name: basename(found), path: found, kind, problem: null } }
}

/**
 * Lists the folders and packages in a folder and marks stores; null is the home folder, or the root when there is none. For
 * the path of a store or a package, lists the folder around it. Leaves out hidden entries and those beyond a bound.
 * Throws NOT_FOUND, ARGUMENT (not a valid path), NOT_A_STORE (a file of something else) or IO.
 */
export function listFolder(path: string | null): Result<'listFolder'> {
  const { folder, found } = path === null ? { folder: resolve(homeFolder() ?? '/'), found: null } : foundAt(path)
  let inFolder: ReturnType<typeof entriesIn>
  try {
    inFolder = entriesIn(folder)
  } catch (error) {
    throw givenPathError(error, folder)
  }
  const entries: FolderEntry[] = []
  let truncated = !inFolder.isComplete
  for (const entry of inFolder.found.sort((a, b) => compareNames(a.name, b.name))) {
    // Follows only links that come before the last listed entry.
    if (!isListed(folder, entry)) continue
    if (entries.length === MAX_ENTRIES) {
      truncated = true
      break
    }
    entries.push(entryAt(join(folder, entry.name)))
  }
  const parent = dirname(folder)
  return { path: folder, parent: parent === folder ? null : parent, found, entries, truncated }
}
