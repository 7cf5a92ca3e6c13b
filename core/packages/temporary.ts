import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { isPackedFile } from '../format/npkg.ts'
import { isTemporary } from '../storage/files.ts'
import { isOwn, NO_FOLLOW } from '../storage/private-folder.ts'

/** Names of what is half-made beside a target, and what becomes of it after a crash. */

/** Tells this machine's leftovers from those of others that use the same network folder. */
const machine = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 8)

/** Bit of a folder in which only the owner of something, and its own, may rename it. */
const STICKY = 0o1000

/** Leaves room for the suffix in the 255 bytes of a file name. */
const MAX_BASE = 200

const baseOf = (target: string): string => {
  const base = basename(target)
  if (Buffer.byteLength(base) <= MAX_BASE) return base
  return createHash('sha256').update(base).digest('hex').slice(0, 32)
}

const isUnpacked = (name: string): boolean => isPackedFile(name) || isTemporary(name)

/** When this thread chose the names that it makes something under. */
const chosen = new Map<string, number>()
/** The clock of file systems goes in steps: what is made now may be so much older. */
const CLOCK_STEP_MS = 10

/** A new name beside `target`, for what is being made. */
export function siblingOf(target: string): string {
  const name = `.${baseOf(target)}.${machine()}-${process.pid}-${randomBytes(4).toString('hex')}.tmp`
  const path = join(dirname(target), name)
  chosen.set(path, Date.now() - CLOCK_STEP_MS)
  return path
}

/**
 * Removes what processes of this machine and user that no longer run left beside `target`: files, and folders of files
 * that pass `isMade`. Anything else of such a name stays, and so does a folder that another user may have given its name.
 */
export function clearLeftovers(target: string, isMade: (name: string) => boolean = isUnpacked): void {
  const prefix = `.${baseOf(target)}.${machine()}-`
  attempt(() => {
    using folder = openParent(target)
    const isLeftover = (name: string): boolean => {
      if (!name.startsWith(prefix)) return false
      const match = /^(\d+)-[0-9a-f]{8}\.tmp$/.exec(name.slice(prefix.length))
      return match !== null && !isRunning(Number(match[1]))
    }
    for (const name of readdirSync(folder.path).filter(isLeftover)) {
      attempt(() => remove(join(folder.path, name), isMade, () => !folder.othersMayRename))
    }
  })
}

/**
 * Removes a file, or a folder and those of its files that pass `isMade`: as far as they are this user's own and no links,
 * and the system allows it. What can't be removed now, the next process to look does. Where others may rename, they may
 * have put another folder of this user there: only one that was made since its name was chosen is removed.
 */
export function removeMade(path: string, isMade: (name: string) => boolean = isUnpacked): void {
  const since = chosen.get(path) ?? Number.POSITIVE_INFINITY
  chosen.delete(path)
  attempt(() => {
    using folder = openParent(path)
    remove(join(folder.path, basename(path)), isMade, stat => !folder.othersMayRename || stat.birthtimeMs >= since)
  })
}

function attempt(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}

interface Parent extends Disposable {
  /** Leads to this very folder, whatever its name leads to by now, where the system has such paths. */
  readonly path: string
  /** Whether another user than root can give another name to what is in it. */
  readonly othersMayRename: boolean
}

function openParent(path: string): Parent {
  const folder = dirname(path)
  if (process.platform === 'win32') return { path: folder, othersMayRename: false, [Symbol.dispose]: () => {} }
  const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  const stat = fstatSync(fd)
  const isShared = (stat.mode & 0o022) !== 0 && (stat.mode & STICKY) === 0
  return {
    path: pathOf(fd) ?? folder,
    othersMayRename: isShared || (!isOwn(stat) && stat.uid !== 0),
    [Symbol.dispose]: () => closeSync(fd),
  }
}

/** A path to what is open, or null where the system has none. */
function pathOf(fd: number): string | null {
  const byDescriptor = `/proc/self/fd/${fd}`
  return existsSync(byDescriptor) ? byDescriptor : null
}

function remove(path: string, isMade: (name: string) => boolean, isOurs: (folder: Stats) => boolean): void {
  const stat = lstatSync(path)
  if (!isOwn(stat)) return
  if (stat.isFile()) unlinkSync(path)
  else if (stat.isDirectory() && isOurs(stat)) removeFolder(path, stat, isMade)
  // Nothing is lost with an empty one.
  else if (stat.isDirectory()) rmdirSync(path)
}

function removeFolder(path: string, { dev, ino }: Stats, isMade: (name: string) => boolean): void {
  if (process.platform === 'win32') removeFiles(path, isMade)
  else {
    // Whoever may write to the folder around it could put a link in its place meanwhile.
    const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | NO_FOLLOW)
    try {
      const opened = fstatSync(fd)
      if (opened.dev !== dev || opened.ino !== ino) return
      removeFiles(pathOf(fd) ?? path, isMade)
    } finally {
      closeSync(fd)
    }
  }
  rmdirSync(path)
}

function removeFiles(folder: string, isMade: (name: string) => boolean): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile() && isMade(entry.name)) unlinkSync(join(folder, entry.name))
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
