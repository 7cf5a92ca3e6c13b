import { closeSync, openSync, unlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { randomTemporaryName } from './files.ts'
import type { HeldFolder } from './held-folder.ts'
import { ignoreErrors } from './ignore-errors.ts'
import type { LockEntry } from './lock-entry.ts'
import { NEW_FILE } from './plain-file.ts'

/** Disks on which a new file could be locked, by device. */
const withLocks = new Set<bigint>()

/** Whether a disk locks files: locks a new one. SQLite has one code for a held lock and ENOLCK (NFS without lockd). */
export function hasLocks(folder: HeldFolder, entry: LockEntry | null, lock: (path: string) => void): boolean {
  if (withLocks.has(folder.stat.dev)) return true
  // Where other users may exchange the file, it lies in the folder that only this user can enter.
  const name = randomTemporaryName()
  const made = (entry ?? folder).at(name)
  const path = join(entry === null ? folder.realPath : dirname(entry.path), name)
  closeSync(openSync(made, NEW_FILE, 0o600))
  try {
    lock(path)
    withLocks.add(folder.stat.dev)
    return true
  } catch (error) {
    // Another writer may have removed the file as a leftover.
    return !isLockRefused(error)
  } finally {
    ignoreErrors(() => unlinkSync(made))
  }
}

/** Whether SQLite could not lock a file: somebody holds it, or the disk has no locks. */
export const isLockRefused = (error: unknown): boolean =>
  isBusy(error) ||
  /^SQLITE_(?:IOERR_(?:RD|UN|CHECKRESERVED)?LOCK|PERM|NOLFS)/.test((error as NodeJS.ErrnoException).code ?? '')

export const isBusy = (error: unknown): boolean =>
  ((error as NodeJS.ErrnoException).code ?? '').startsWith('SQLITE_BUSY')

/** Lets writers go on without locks where the disk has none. HDF5 has such a variable, too. */
const VARIABLE = 'NUMPACK_FILE_LOCKING'
const BEST_EFFORT = 'best-effort'

export const goesWithoutLocks = (): boolean => process.env[VARIABLE] === BEST_EFFORT

export const noLocks = (path: string, cause: unknown): NumPackError =>
  new NumPackError(
    'IO',
    `${path} can't be locked for writing: its disk has no file locks (as NFS without lockd, or Lustre without flock). Mount ` +
      `the disk with locks. If no other program writes to the store, set ${VARIABLE}=${BEST_EFFORT} to write without; nothing was changed.`,
    { path, reason: 'NO_LOCKS' },
    cause,
  )
