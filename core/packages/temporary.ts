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

/** Leaves room for the suffix in the 255 bytes of a file name. */
const MAX_BASE = 200

const baseOf = (target: string): string => {
  const base = basename(target)
  if (Buffer.byteLength(base) <= MAX_BASE) return base
  return createHash('sha256').update(base).digest('hex').slice(0, 32)
}

const isUnpacked = (name: string): boolean => isPackedFile(name) || isTemporary(name)

/** A new name beside `target`, for what is being made. */
export const siblingOf = (target: string): string =>
  join(dirname(target), `.${baseOf(target)}.${machine()}-${process.pid}-${randomBytes(4).toString('hex')}.tmp`)

/**
 * Removes what processes of this machine and user that no longer run left beside `target`: files, and folders of files
 * that pass `isMade`. Anything else of such a name stays.
 */
export function clearLeftovers(target: string, isMade: (name: string) => boolean = isUnpacked): void {
  const prefix = `.${baseOf(target)}.${machine()}-`
  const folder = dirname(target)
  for (const name of namesIn(folder)) {
    if (!name.startsWith(prefix)) continue
    const match = /^(\d+)-[0-9a-f]{8}\.tmp$/.exec(name.slice(prefix.length))
    if (match !== null && !isRunning(Number(match[1]))) removeMade(join(folder, name), isMade)
  }
}

/** None where the folder is not there or can't be listed. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/**
 * Removes a file, or a folder and those of its files that pass `isMade`: as far as they are this user's own and no links,
 * and the system allows it. What can't be removed now, the next process to look does.
 */
export function removeMade(path: string, isMade: (name: string) => boolean = isUnpacked): void {
  try {
    const stat = lstatSync(path)
    if (!isOwn(stat)) return
    if (stat.isFile()) unlinkSync(path)
    else if (stat.isDirectory()) removeFolder(path, stat, isMade)
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}

function removeFolder(path: string, { dev, ino }: Stats, isMade: (name: string) => boolean): void {
  if (process.platform === 'win32') removeFiles(path, isMade)
  else {
    // Whoever may write to the folder around it could put a link in its place meanwhile.
    const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | NO_FOLLOW)
    try {
      const opened = fstatSync(fd)
      if (opened.dev !== dev || opened.ino !== ino) return
      const byDescriptor = `/proc/self/fd/${fd}`
      removeFiles(existsSync(byDescriptor) ? byDescriptor : path, isMade)
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
