import { type Dir, type Dirent, type Stats, statSync } from 'node:fs'
import { lstat, opendir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { METADATA_FILE } from '../../format/names.ts'
import { resolveGivenPath } from '../../system/given-path.ts'
import { givenPathError } from '../../system/io-error.ts'
import { homeFolder } from '../../system/user-folders.ts'
import type { FolderEntry, Result } from '../contract/types.ts'
import { type DiskCalls, expectAnswers } from './disk-calls.ts'
import { compareNames } from './natural-order.ts'
import { findPath, hasPackageName, isStoreFolder } from './store-path.ts'

/** At most this many entries are listed: enough to scroll through, small enough to send. */
const MAX_ENTRIES = 2000

/** Most names read from a folder; this many take 0.1 s. */
const MOST_NAMES = 50_000

/** Most folders, links and packages sorted by name; this many take up to 0.2 s. */
const MOST_SORTED = 10_000

/** Milliseconds for the names of a folder, and as many for all looks at them: other windows wait meanwhile. */
const LIST_MS = 2000
/** Waits for disks that don't answer; further ones count as time of the listing. */
const MOST_WAITS = 2

const maybeListed = (entry: Dirent): boolean =>
  !entry.name.startsWith('.') &&
  (entry.isDirectory() || entry.isSymbolicLink() || (entry.isFile() && hasPackageName(entry.name)))

/** Closes a folder without waiting: closing waits for reads, and the disk may never answer these. */
const closeWithoutWaiting = (entries: Dir): void => void entries.close().catch(() => {})

async function openEntries(folder: string, disks: DiskCalls): Promise<Dir> {
  let hasFailed = false
  const open = async (): Promise<Dir> => {
    const entries = await opendir(folder, { bufferSize: 1000 })
    if (hasFailed) closeWithoutWaiting(entries)
    return entries
  }
  try {
    return await disks.expect(folder, open)
  } catch (error) {
    hasFailed = true
    throw error
  }
}

async function entriesIn(folder: string, disks: DiskCalls): Promise<{ found: Dirent[]; isComplete: boolean }> {
  const entries = await openEntries(folder, disks)
  const next = async (): Promise<Dirent | null> => disks.expect(folder, async () => entries.read())
  try {
    const found: Dirent[] = []
    // A disk that sleeps takes long for the first name.
    let end = Infinity
    for (let names = 0; names < MOST_NAMES && found.length < MOST_SORTED && performance.now() < end; names++) {
      const entry = await next()
      if (names === 0) end = performance.now() + LIST_MS
      if (entry === null) return { found, isComplete: true }
      if (maybeListed(entry)) found.push(entry)
    }
    return { found, isComplete: (await next()) === null }
  } finally {
    closeWithoutWaiting(entries)
  }
}

/** Looks at the entries of one folder, for a limited time. */
class Looks {
  readonly #disks: DiskCalls
  #end = performance.now() + LIST_MS
  #waits = 0

  constructor(disks: DiskCalls) {
    this.#disks = disks
  }

  /** Returns what `look` finds at an entry or in it: null for nothing, undefined if its disk is dead or too slow. */
  async at(entry: string, look: () => Promise<Stats>): Promise<Stats | null | undefined> {
    const started = performance.now()
    if (started >= this.#end || !this.#disks.canRun(entry)) return undefined
    const found = await this.#disks.run(entry, async () => look().catch(() => null))
    // Few disks may be dead, and the entries of others keep their time.
    if (found === undefined && this.#waits++ < MOST_WAITS) this.#end += performance.now() - started
    return found
  }
}

/** Linux allows names that are not UTF-8. Node reads them with U+FFFD, which leads to no file. */
async function problemOf(path: string, looks: Looks): Promise<string | null> {
  const isReadable = !path.includes('\uFFFD') || (await looks.at(path, async () => lstat(path))) !== null
  return isReadable ? null : 'Its name holds bytes that are not UTF-8. Rename it to open it.'
}

/** Follows links; null for one to neither folder nor package. If the disk doesn't answer in time, lists a folder. */
async function entryAt(parent: string, entry: Dirent, looks: Looks): Promise<FolderEntry | null> {
  const path = join(parent, entry.name)
  const target = entry.isSymbolicLink() ? await looks.at(path, async () => stat(path)) : entry
  if (target === null) return null
  const problem = await problemOf(path, looks)
  const listed = { name: entry.name, path, problem }
  if (target?.isFile() === true)
    return hasPackageName(path) ? { ...listed, kind: problem === null ? 'package' : 'folder' } : null
  if (target?.isDirectory() === false) return null
  const metadata = await looks.at(path, async () => stat(join(path, METADATA_FILE)))
  return { ...listed, kind: metadata?.isFile() === true ? 'store' : 'folder' }
}

function foundAt(path: string): { folder: string; found: FolderEntry | null } {
  const given = resolveGivenPath(path)
  try {
    if (statSync(given).isDirectory()) {
      const found: FolderEntry = { name: basename(given), path: given, kind: 'store', problem: null }
      return isStoreFolder(given) ? { folder: dirname(given), found } : { folder: given, found: null }
    }
  } catch (error) {
    throw givenPathError(error, given)
  }
  const { kind, path: found } = findPath(given)
  return { folder: dirname(found), found: { name: basename(found), path: found, kind, problem: null } }
}

/**
 * Lists the folder (null: home, or the root), or the one around a store or package. Leaves out hidden entries. Throws
 * NOT_FOUND, ARGUMENT, NOT_A_STORE (a file of something else) or IO, also if the disk doesn't answer.
 */
export async function listFolder(path: string | null, disks: DiskCalls): Promise<Result<'listFolder'>> {
  if (path !== null) await expectAnswers(path, disks)
  const { folder, found } = path === null ? { folder: resolve(homeFolder() ?? '/'), found: null } : foundAt(path)
  let inFolder: Awaited<ReturnType<typeof entriesIn>>
  try {
    inFolder = await entriesIn(folder, disks)
  } catch (error) {
    throw givenPathError(error, folder)
  }
  const entries: FolderEntry[] = []
  const looks = new Looks(disks)
  let truncated = !inFolder.isComplete
  for (const entry of inFolder.found.sort((a, b) => compareNames(a.name, b.name))) {
    const listed = await entryAt(folder, entry, looks)
    if (listed === null) continue
    if (entries.length === MAX_ENTRIES) {
      truncated = true
      break
    }
    entries.push(listed)
  }
  const parent = dirname(folder)
  return { path: folder, parent: parent === folder ? null : parent, found, entries, truncated }
}
