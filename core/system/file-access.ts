import { fchmodSync, fchownSync, fstatSync } from 'node:fs'
import { isErrno } from './io-error.ts'

/** Who may do what with a file. */
export interface FileAccess {
  /** Permission bits, without those for execution. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

/** The permissions of a file. */
export const accessOf = ({ mode, uid, gid }: FileAccess): FileAccess => ({ mode: mode & 0o666, uid, gid })

/**
 * The mode that gives nobody more when a file of this access belongs to the group `gid`. In another group, the members of
 * both groups get what the group and everybody had.
 */
export function modeInGroup({ mode, gid: group }: Omit<FileAccess, 'uid'>, gid: number): number {
  if (gid === group) return mode
  const both = (mode >> 3) & mode & 0o007
  return (mode & 0o700) | (both << 3) | both
}

/** What both allow; the owner and the group are the first one's. */
export const narrowest = (a: FileAccess | null, b: FileAccess | null): FileAccess | null =>
  a === null || b === null ? (a ?? b) : { ...a, mode: a.mode & modeInGroup(b, a.gid) }

/**
 * Gives a new, empty file its permissions, and its owner as far as the system lets us: only root can give files away, and
 * locks nobody out of their store so. The file must be its owner's alone (0600) before: until it has its group, the bits
 * of the group would be another group's.
 */
export function giveAccess(fd: number, access: FileAccess): void {
  if (process.platform === 'win32') return
  const { uid, gid } = access
  const stat = fstatSync(fd)
  if (stat.uid !== uid || stat.gid !== gid) attempt(() => fchownSync(fd, process.geteuid?.() === 0 ? uid : -1, gid))
  const mode = modeInGroup(access, fstatSync(fd).gid)
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

/** Gives an open file or folder its mode. Windows has no such modes: there the folder decides. */
export function setMode(fd: number, mode: number): void {
  if (process.platform !== 'win32') fchmodSync(fd, mode)
}
