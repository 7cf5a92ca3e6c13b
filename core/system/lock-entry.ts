import { randomBytes, randomInt } from 'node:crypto'
import { closeSync, linkSync, mkdirSync, openSync, rmdirSync, statfsSync, unlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { threadId } from 'node:worker_threads'
import { isLockFolder, LOCK_FILE } from '../format/names.ts'
import { type FileStat, isSameFile, lstatPath } from './file-stat.ts'
import { isTemporary } from './files.ts'
import { HeldFolder } from './held-folder.ts'
import { ignoreErrors } from './ignore-errors.ts'
import { isErrno, isWithoutLinks } from './io-error.ts'
import { NEW_FILE } from './plain-file.ts'
import { isRunning } from './running.ts'

/**
 * A path by which SQLite opens the lock file. SQLite also opens the journal, log and shared memory beside a database,
 * and another writer could put such files there after a check: a journal to play back, a pipe to wait for. So each
 * writer makes a private folder with a hard link to the lock file under a random name. A folder put in its place lacks
 * the name, and nobody can put anything beside the link.
 *
 * SQLite resolves all links of a path and refuses the long ones. So the entry of a store with a long path is in the
 * nearest folder above the store that this user may write to, or in the one for temporary files, on the same disk.
 */
export interface LockEntry extends Disposable {
  readonly name: string
  /** Of the lock file, as SQLite may open it. */
  readonly path: string
  readonly stat: FileStat
  /** Path for system calls of another file in the private folder, whatever takes the folder's place. */
  at(name: string): string
}

const SECRET = /^[\w-]{22}$/
/** An entry of this age is a dead writer's, even if another process has that writer's number by now. */
const OLD_MS = 10 * 60_000

/** Longest path that SQLite opens, in bytes: 512 less the ending of a journal. */
const MAX_PATH = 504
/** Most bytes that an entry adds to the path of its folder. */
const ENTRY_BYTES = 80

export const isTooLong = (path: string): boolean => process.platform !== 'win32' && Buffer.byteLength(path) > MAX_PATH

const hasRoom = (folder: string): boolean => Buffer.byteLength(folder) + ENTRY_BYTES <= MAX_PATH

/** Returns the folders for entries of a store with a long path, the best one first. */
function foldersNear({ realPath }: HeldFolder): Set<string> {
  const folders: string[] = []
  for (let at = realPath; dirname(at) !== at; at = dirname(at)) folders.push(dirname(at))
  return new Set([...folders, tmpdir()].filter(hasRoom))
}

/** Makes an entry. Returns null if the disk or the system has no hard links. */
export function openLockEntry(folder: HeldFolder): LockEntry | null {
  if (process.platform === 'win32') return null
  return hasRoom(folder.realPath) ? makeEntry(folder, folder) : makeEntryNear(folder)
}

function makeEntryNear(folder: HeldFolder): LockEntry {
  let reason: unknown = null
  for (const path of foldersNear(folder)) {
    let parent: HeldFolder | null = null
    try {
      parent = HeldFolder.openPath(path)
      const entry = parent.stat.dev === folder.stat.dev ? makeEntry(folder, parent) : null
      if (entry !== null) return withParent(entry, parent)
    } catch (error) {
      if (isErrno(error, 'ENOENT')) throw error
      reason = error
    }
    parent?.[Symbol.dispose]()
  }
  throw new Error(
    `its path is longer than the ${MAX_PATH} bytes that SQLite opens, and no folder above the store can hold a link to it: ` +
      'move the store to a shorter path, or let its user write to a folder above it',
    { cause: reason },
  )
}

const withParent = (entry: LockEntry, parent: HeldFolder): LockEntry => ({
  ...entry,
  [Symbol.dispose]: () => {
    entry[Symbol.dispose]()
    parent[Symbol.dispose]()
  },
})

function makeEntry(folder: HeldFolder, parent: HeldFolder): LockEntry | null {
  const name = `${LOCK_FILE}.${process.pid}-${threadId}-${randomInt(2 ** 40)}`
  mkdirSync(parent.at(name), 0o700)
  const own = HeldFolder.open(parent, name)
  const secret = randomBytes(16).toString('base64url')
  try {
    if (own === null || !isPrivate(own)) throw new Error(`${name} in the folder was exchanged for something else`)
    if (!link(folder, own, secret)) {
      remove(parent, name, own)
      return null
    }
    return {
      name,
      path: `${own.realPath}/${secret}`,
      stat: lstatPath(own.at(secret)),
      at: file => own.at(file),
      [Symbol.dispose]: () => remove(parent, name, own, secret),
    }
  } catch (error) {
    remove(parent, name, own, secret)
    throw error
  }
}

/** Returns false if the disk has no hard links. A new file shows that: the lock file alone may refuse them. */
function link(folder: HeldFolder, own: HeldFolder, secret: string): boolean {
  try {
    linkSync(folder.at(LOCK_FILE), own.at(secret))
    return true
  } catch (error) {
    if (isErrno(error, 'ENOENT')) throw error
    if (!hasLinks(own)) return false
    throw new Error('it has too many names, or is made so that it may have no other: remove it', { cause: error })
  }
}

function hasLinks(own: HeldFolder): boolean {
  const [probe, second] = [own.at('probe'), own.at('second')]
  try {
    closeSync(openSync(probe, NEW_FILE, 0o600))
    linkSync(probe, second)
    return true
  } catch (error) {
    if (isWithoutLinks(error)) return false
    throw error
  } finally {
    for (const path of [probe, second]) ignoreErrors(() => unlinkSync(path))
  }
}

function remove(folder: HeldFolder, name: string, own: HeldFolder | null, ...files: string[]): void {
  if (own !== null) for (const file of files) ignoreErrors(() => unlinkSync(own.at(file)))
  own?.[Symbol.dispose]()
  ignoreErrors(() => rmdirSync(folder.at(name)))
}

/** Disks (statfs: SMB, SMB2, FAT, exFAT, FUSE, 9p) on which all files have the owner and the mode that the mount says. */
const ONE_MODE_DISKS: ReadonlySet<number> = new Set([
  0xff534d42, 0xfe534d42, 0x4d44, 0x2011bab0, 0x65735546, 0x01021997,
])
const NFS = 0x6969

/** Whether nobody else can enter a new folder, as far as the disk keeps modes. */
function isPrivate({ stat, root }: HeldFolder): boolean {
  const user = process.geteuid?.()
  if (stat.uid === user && (stat.mode & 0o077) === 0) return true
  const { type } = statfsSync(root)
  // On many servers root's files belong to nobody.
  return ONE_MODE_DISKS.has(type) || (type === NFS && user === 0 && (stat.mode & 0o077) === 0)
}

/** Removes this user's dead writers' entries, under the lock. Returns how many others may link the lock file. */
export function clearLockEntries(folder: HeldFolder, mine: LockEntry | null): number {
  const lock = lstatPath(folder.at(LOCK_FILE))
  let others = clearIn(folder, lock, mine)
  if (hasRoom(folder.realPath)) return others
  for (const path of foldersNear(folder)) {
    ignoreErrors(() => {
      using parent = HeldFolder.openPath(path)
      others += clearIn(parent, lock, mine)
    })
  }
  return others
}

function clearIn(folder: HeldFolder, lock: FileStat, mine: LockEntry | null): number {
  const others = folder.entries().filter(name => isLockFolder(name) && name !== mine?.name)
  return others.filter(name => clearOrLookAt(folder, name, lock)).length
}

/** Returns whether an entry stays and may hold a link to the lock file. */
function clearOrLookAt(folder: HeldFolder, name: string, lock: FileStat): boolean {
  try {
    const stat = lstatPath(folder.at(name))
    if (!stat.isDirectory()) return false
    if (stat.uid !== process.geteuid?.()) return true
    using own = HeldFolder.open(folder, name)
    const files = own?.entries() ?? []
    if (own === null || !isEntry(own, files)) return false
    if (isLeft(name, stat)) {
      remove(folder, name, own, ...files)
      return false
    }
    return files.some(file => isSameFile(lstatPath(own.at(file)), lock))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}

/** Whether a folder is as `openLockEntry` makes it: anyone may give another one such a name. */
function isEntry(own: HeldFolder, files: readonly string[]): boolean {
  // A link to the lock file, or the file on which `hasLocks` tries a lock.
  const isOurs = (file: string): boolean => {
    const stat = lstatPath(own.at(file))
    return (SECRET.test(file) || isTemporary(file)) && stat.isFile() && stat.size === 0
  }
  return (own.stat.mode & 0o777) === 0o700 && files.length <= 2 && files.every(isOurs)
}

/** Whether an entry's writer is dead. This thread has no other entry there while it takes the lock. */
function isLeft(name: string, { mtimeNs }: FileStat): boolean {
  const [pid, thread] = name
    .slice(LOCK_FILE.length + 1)
    .split('-')
    .map(Number)
  if (pid === process.pid) return thread === threadId
  return !isRunning(pid as number) || Date.now() - Number(mtimeNs) / 1e6 > OLD_MS
}
