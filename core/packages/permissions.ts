import { lstatSync, mkdirSync, rmdirSync } from 'node:fs'
import { writeError } from '../system/io-error.ts'
import { isOwn, PRIVATE_FOLDER } from '../system/private-folder.ts'

/**
 * Who may read what is made: never more than could read all that it is made from, and all that it replaces. What is
 * being made is the user's alone (mode 0600, or 0700 of a folder) until it gets its final mode.
 */
export interface Access {
  readonly mode: number
  readonly gid: number
}

const OWNER = 0o600
const GROUP = 0o070
const OTHERS = 0o007

/** The access that a file or folder gives. */
export const accessOf = ({ mode, gid }: Access): Access => ({ mode, gid })

/** The access that a folder leaves to the files in it: none to whom can't enter it. */
export function accessThrough(folder: Access): Access {
  const { mode, gid } = folder
  return { mode: OWNER | ((mode & 0o010) === 0 ? 0 : GROUP) | ((mode & 0o001) === 0 ? 0 : OTHERS), gid }
}

/**
 * What new files and folders may be in `folder`, by the user's umask (which can't be asked for without changing it for
 * all threads). `probe`: a name that is free there.
 */
export function usualAccess(probe: string): Access {
  try {
    mkdirSync(probe)
    try {
      const stat = lstatSync(probe)
      // Somebody who may write to the folder around it put something of theirs in its place: no more than is safe.
      return accessOf(stat.isDirectory() && isOwn(stat) ? stat : { mode: PRIVATE_FOLDER, gid: stat.gid })
    } finally {
      rmdirSync(probe)
    }
  } catch (error) {
    throw writeError(error, probe, 'create')
  }
}

/** The mode of a file that is made from others. `usual`: as it would be otherwise. */
export function fileMode(usual: Access, from: Iterable<Access>): number {
  let mode = usual.mode & 0o666
  for (const access of from) mode &= seenBy(usual.gid, access)
  return mode | OWNER
}

/** As `fileMode`, for a folder: who may read its files may enter it. */
export function folderMode(usual: Access, from: Iterable<Access>): number {
  const files = fileMode({ ...usual, mode: 0o666 }, from)
  return (usual.mode & (files | ((files & 0o444) >> 2)) & 0o777) | 0o700
}

/** Another group's members have no more access through the group than everybody. */
const seenBy = (gid: number, { mode, gid: group }: Access): number =>
  gid === group ? mode : (mode & ~GROUP) | ((mode & OTHERS) << 3)
