import { randomBytes, randomInt } from 'node:crypto'
import {
  closeSync,
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmdirSync,
  type Stats,
  statfsSync,
  unlinkSync,
} from 'node:fs'
import { threadId } from 'node:worker_threads'
import { isLockFolder, LOCK_FILE } from '../format/names.ts'
import { HeldFolder } from './held-folder.ts'
import { isErrno } from './io-error.ts'
import { NO_FOLLOW } from './plain-file.ts'
import { isRunning } from './running.ts'

/**
 * How SQLite gets to the lock file. It opens a path, and beside it whatever journal lies there: a fellow writer could
 * exchange the file for another one between the look at it and the opening, and put a journal beside it that SQLite plays
 * back into it, a pipe that it waits for, or shared memory that is cut off under it. So each writer makes a folder that
 * only its user can look into, and in it a hard link to the lock file under a name that nobody can guess: a folder that
 * takes the place of that one has no such name, and nothing can be put beside it.
 */
export interface LockEntry extends Disposable {
  /** Of the folder. */
  readonly name: string
  /** Of the lock file, as SQLite may open it. */
  readonly path: string
  readonly stat: Stats
}

/** Names of links in entries. */
const SECRET = /^[\w-]{22}$/
/** As old as this is the folder of a writer that died, though another program has its number by now. */
const OLD_MS = 10 * 60_000

/** null where the disk or the system has no such links: then the lock file is opened by its own name. */
export function openLockEntry(folder: HeldFolder): LockEntry | null {
  if (process.platform === 'win32') return null
  const name = `${LOCK_FILE}.${process.pid}-${threadId}-${randomInt(2 ** 40)}`
  mkdirSync(folder.at(name), 0o700)
  const own = HeldFolder.open(folder, name)
  const secret = randomBytes(16).toString('base64url')
  try {
    if (own === null || !isPrivate(own)) throw new Error(`${name} in it was exchanged for something else meanwhile`)
    if (!link(folder, own, secret)) {
      remove(folder, name, own)
      return null
    }
    return {
      name,
      path: `${own.realPath}/${secret}`,
      stat: lstatSync(own.at(secret)),
      [Symbol.dispose]: () => remove(folder, name, own, secret),
    }
  } catch (error) {
    remove(folder, name, own, secret)
    throw error
  }
}

/**
 * Gives the lock a second name. false where the disk has no hard links: a file of one's own tells, since somebody may have
 * made the lock so that it can't be linked.
 */
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
    closeSync(openSync(probe, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, 0o600))
    linkSync(probe, second)
    return true
  } catch (error) {
    if (isErrno(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) return false
    throw error
  } finally {
    for (const path of [probe, second]) attempt(() => unlinkSync(path))
  }
}

function remove(folder: HeldFolder, name: string, own: HeldFolder | null, ...files: string[]): void {
  if (own !== null) for (const file of files) attempt(() => unlinkSync(own.at(file)))
  own?.[Symbol.dispose]()
  attempt(() => rmdirSync(folder.at(name)))
}

/** Disks (statfs: SMB, SMB2, FAT, exFAT, FUSE, 9p) on which all files have the owner and the mode that the mount says. */
const ONE_MODE_DISKS: ReadonlySet<number> = new Set([
  0xff534d42, 0xfe534d42, 0x4d44, 0x2011bab0, 0x65735546, 0x01021997,
])
const NFS = 0x6969

/** Whether nobody else can look into a folder that was just made, as far as the disk keeps modes. */
function isPrivate({ stat, root }: HeldFolder): boolean {
  const user = process.geteuid?.()
  if (stat.uid === user && (stat.mode & 0o077) === 0) return true
  const { type } = statfsSync(root)
  // On many servers root's files belong to nobody.
  return ONE_MODE_DISKS.has(type) || (type === NFS && user === 0 && (stat.mode & 0o077) === 0)
}

/**
 * How many names the lock file may have by entries of other writers. Those that died writers of this user left are removed: who has
 * the lock calls this.
 */
export function countLockEntries(folder: HeldFolder, mine: LockEntry | null): number {
  const lock = lstatSync(folder.at(LOCK_FILE))
  return folder.entries().filter(name => isLockFolder(name) && name !== mine?.name && mayLink(folder, name, lock))
    .length
}

/** Whether an entry may hold a link to the lock: what other users have in theirs can't be seen. Removes one that was left. */
function mayLink(folder: HeldFolder, name: string, lock: Stats): boolean {
  try {
    const stat = lstatSync(folder.at(name))
    if (!stat.isDirectory()) return false
    if (stat.uid !== process.geteuid?.()) return true
    using own = HeldFolder.open(folder, name)
    const [file, ...more] = own?.entries() ?? []
    // A folder of this user's that somebody gave the name of an entry is left as it is.
    if (own === null || (stat.mode & 0o777) !== 0o700 || more.length > 0) return false
    const link = file === undefined ? undefined : lstatSync(own.at(file))
    if (file !== undefined && !(SECRET.test(file) && link?.isFile() === true && link.size === 0)) return false
    if (isLeft(name, stat)) {
      remove(folder, name, own, ...(file === undefined ? [] : [file]))
      return false
    }
    return link !== undefined && link.dev === lock.dev && link.ino === lock.ino
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}

/** Whether the writer that made an entry is gone: a thread that takes a lock has no other entry at the time. */
function isLeft(name: string, { mtimeMs }: Stats): boolean {
  const [pid, thread] = name
    .slice(LOCK_FILE.length + 1)
    .split('-')
    .map(Number)
  if (pid === process.pid) return thread === threadId
  return !isRunning(pid as number) || Date.now() - mtimeMs > OLD_MS
}

function attempt(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}
