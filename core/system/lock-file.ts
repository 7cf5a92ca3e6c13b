import { closeSync, linkSync, openSync, type Stats, statSync, unlinkSync } from 'node:fs'
import { LOCK_FILE } from '../format/names.ts'
import { type FileAccess, giveAccess, modeInGroup } from './file-access.ts'
import type { FileStat } from './file-stat.ts'
import { randomTemporaryName } from './files.ts'
import type { HeldFolder } from './held-folder.ts'
import { ignoreErrors } from './ignore-errors.ts'
import { insist } from './insist.ts'
import { isErrno } from './io-error.ts'
import { NEW_FILE } from './plain-file.ts'

/** The file that lock.ts locks. Only users who may write to the store's folder may open it. */

const OWNER_ONLY = 0o600

/** Folders whose locks could not get the right access: the disk or the system allows no more. */
const unchangeable = new Set<string>()

/** Users who may not write to the folder may not even read its lock: reading is enough to lock others out. */
function accessIn({ mode, uid, gid }: Pick<Stats, 'mode' | 'uid' | 'gid'>): FileAccess {
  return { mode: OWNER_ONLY | ((mode & 0o020) === 0 ? 0 : 0o060) | ((mode & 0o002) === 0 ? 0 : 0o006), uid, gid }
}

/** Makes the lock file under another name first: closing its descriptor would release another thread's lock. */
export function makeLockFile(folder: HeldFolder): void {
  const path = folder.at(LOCK_FILE)
  if (process.platform === 'win32') return makeNew(path, folder)
  const temporary = folder.at(randomTemporaryName())
  makeNew(temporary, folder)
  try {
    linkSync(temporary, path)
  } catch (error) {
    if (isErrno(error, 'EEXIST', 'ENOENT')) return
    makeNew(path, folder)
  } finally {
    ignoreErrors(() => unlinkSync(temporary))
  }
}

function makeNew(path: string, folder: HeldFolder): void {
  let fd: number
  try {
    fd = insist(() => openSync(path, NEW_FILE, OWNER_ONLY))
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return
    throw error
  }
  try {
    giveAccess(fd, accessIn(statSync(folder.root)))
  } finally {
    closeSync(fd)
  }
}

/**
 * Whether the holder of a lock should replace it: its access is wrong, or it has more names than the `links` of writers
 * (a snapshot by `cp -al`). chmod could change another file at its path, and its descriptors must not be closed.
 */
export function isObsolete(folder: HeldFolder, stat: FileStat, links: number): boolean {
  if (process.platform === 'win32') return false
  if (stat.nlink > links) return true
  const user = process.geteuid?.()
  const folderStat = statSync(folder.root)
  const isOwnFolder = folderStat.uid === user && (folderStat.mode & 0o022) === 0
  // Another user made it while the folder was open to them, and could lock this one out for ever.
  if (isOwnFolder && stat.uid !== user) return true
  if ((stat.uid !== user && user !== 0) || unchangeable.has(folder.realPath)) return false
  const access = accessIn(folderStat)
  const isAsMade =
    (stat.mode & 0o777) === modeInGroup(access, stat.gid) &&
    stat.gid === access.gid &&
    (user !== 0 || stat.uid === access.uid)
  // The next one may be no better; then it stays.
  if (!isAsMade) unchangeable.add(folder.realPath)
  return !isAsMade
}
