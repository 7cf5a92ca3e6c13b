import { fchmodSync, fchownSync, fstatSync, type Stats } from 'node:fs'
import { METADATA_FILE } from '../format/names.ts'
import { findFile, type StoreFolder } from './folder.ts'
import { isErrno } from './ioerror.ts'

/** Who may do what with a file. */
export interface FileAccess {
  /** Permission bits, without those for execution. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** The permissions of a file. */
export const accessOf = ({ mode, uid, gid }: Stats): FileAccess => ({ mode: mode & 0o666, uid, gid })

/**
 * The permissions of a new file of a store: those of the first of `files` that is there, else the metadata's. null in a new
 * store, where the umask decides.
 */
export function accessLike(folder: StoreFolder, ...files: readonly string[]): FileAccess | null {
  for (const file of [...files, METADATA_FILE]) {
    const found = findFile(folder, file)
    if (found.kind === 'file') return accessOf(found.stat)
  }
  return null
}

/** What both allow; the owner is the first one's. */
export const narrowest = (a: FileAccess | null, b: FileAccess | null): FileAccess | null =>
  a === null || b === null ? (a ?? b) : { ...a, mode: a.mode & b.mode }

/**
 * Gives a new, empty file its permissions, and its owner as far as the system lets us: only root can give files away, and
 * locks nobody out of their store so.
 */
export function giveAccess(fd: number, { mode, uid, gid }: FileAccess): void {
  if (process.platform === 'win32') return
  const stat = fstatSync(fd)
  if (stat.uid !== uid || stat.gid !== gid) attempt(() => fchownSync(fd, process.geteuid?.() === 0 ? uid : -1, gid))
  if ((stat.mode & 0o777) !== mode) attempt(() => fchmodSync(fd, mode))
}

/** Not every disk has permissions, and not every user may give a file to a group. */
function attempt(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!isErrno(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL')) throw error
  }
}
