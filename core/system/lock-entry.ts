import { randomBytes, randomInt } from 'node:crypto'
import { linkSync, lstatSync, mkdirSync, rmdirSync, type Stats, statfsSync, unlinkSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
import { isLockFolder, LOCK_FILE } from '../format/names.ts'
import { HeldFolder } from './held-folder.ts'
import { isErrno } from './io-error.ts'
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
    linkSync(folder.at(LOCK_FILE), own.at(secret))
    return {
      name,
      path: `${own.realPath}/${secret}`,
      stat: lstatSync(own.at(secret)),
      [Symbol.dispose]: () => remove(folder, name, own, secret),
    }
  } catch (error) {
    remove(folder, name, own, secret)
    if (isErrno(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK')) return null
    throw error
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

/** How many names the lock file has by entries. Those that died writers of this user left are removed: who has the lock calls this. */
export function countLockEntries(folder: HeldFolder, mine: LockEntry | null): number {
  let count = 0
  for (const name of folder.entries()) {
    if (!isLockFolder(name)) continue
    count++
    attempt(() => {
      const stat = lstatSync(folder.at(name))
      if (name === mine?.name || stat.uid !== process.geteuid?.() || !isLeft(name, stat)) return
      const own = HeldFolder.open(folder, name)
      if (own === null) return
      remove(folder, name, own, ...own.entries().filter(file => isEmptyFile(lstatSync(own.at(file)))))
      count--
    })
  }
  return count
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

const isEmptyFile = (stat: Stats): boolean => stat.isFile() && stat.size === 0

function attempt(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}
