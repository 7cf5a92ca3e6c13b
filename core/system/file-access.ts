import { accessSync, constants, fchmodSync, fchownSync, fstatSync } from 'node:fs'
import { isErrno } from './io-error.ts'

export interface FileAccess {
  /** Without bits for execution. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

const OWNER = 0o600
const GROUP = 0o070
const OTHERS = 0o007

/** Returns what a folder lets its files grant: nothing to users who can't enter it. */
export function accessThrough({ mode, uid, gid }: FileAccess): FileAccess {
  const others = ((mode & 0o010) === 0 ? 0 : GROUP) | ((mode & 0o001) === 0 ? 0 : OTHERS)
  return { mode: OWNER | others, uid, gid }
}

/** Whether this process may read a file (Windows: true). Access control lists may allow what the mode denies. */
export function mayRead(path: string, { mode, uid, gid }: FileAccess): boolean {
  if ((mode & 0o444) === 0o444) return true
  const user = process.geteuid?.()
  if (user === undefined || user === ROOT || (mode & rightToRead(user, uid, gid)) !== 0) return true
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

function rightToRead(user: number, uid: number, gid: number): number {
  if (uid === user) return 0o400
  const isMember = gid === process.getegid?.() || process.getgroups?.().includes(gid) === true
  return isMember ? 0o040 : 0o004
}

export const accessOf = ({ mode, uid, gid }: FileAccess): FileAccess => ({ mode: mode & 0o666, uid, gid })

/** Returns the mode in group `gid` that grants nobody more: the group and others get only what both had. */
export function modeInGroup({ mode, gid: group }: Omit<FileAccess, 'uid'>, gid: number): number {
  if (gid === group) return mode
  const both = (mode >> 3) & mode & 0o007
  return (mode & 0o700) | (both << 3) | both
}

const ROOT = 0
const OTHERS_READ = 0o004

/** Returns the rights that both grant, in the group of the first. Its owner may read both: root, if neither owner may. */
export function narrowest(a: FileAccess | null, b: FileAccess | null): FileAccess | null {
  if (a === null || b === null) return a ?? b
  const mayReadBoth = a.uid === b.uid || (b.mode & OTHERS_READ) !== 0
  const uid = mayReadBoth ? a.uid : (a.mode & OTHERS_READ) !== 0 ? b.uid : ROOT
  return { uid, gid: a.gid, mode: a.mode & modeInGroup(b, a.gid) }
}

/**
 * Sets the permissions of a new file of mode 0600. The group comes first, so that the mode never applies to another
 * one. Root also sets the owner, because users would be locked out of their store otherwise.
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

export type Owner = Pick<FileAccess, 'uid' | 'gid'>

/**
 * Returns the owner and group that root gives to what it makes: those of what it replaces. Returns null, to give it to
 * nobody, if this user is not root or nothing is replaced, or if some of the files that it is made `from` belong to
 * another user than the one who could then read it.
 */
export function ownerToKeep(replaced: Owner | undefined, from: readonly Pick<Owner, 'uid'>[]): Owner | null {
  if (replaced === undefined || process.geteuid?.() !== ROOT) return null
  return from.every(({ uid }) => uid === replaced.uid) ? { uid: replaced.uid, gid: replaced.gid } : null
}

/** Sets the mode of an open file or folder, after its owner if one is given. On Windows the folder decides. */
export function setMode(fd: number, mode: number, owner: Owner | null = null): void {
  if (process.platform === 'win32') return
  if (owner !== null) attempt(() => fchownSync(fd, owner.uid, owner.gid))
  fchmodSync(fd, mode)
}
