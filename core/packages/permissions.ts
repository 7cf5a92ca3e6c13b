import { lstatSync, mkdirSync, rmdirSync } from 'node:fs'
import { modeInGroup } from '../system/file-access.ts'
import { writeError } from '../system/io-error.ts'
import { isOwn, PRIVATE_FOLDER } from '../system/private-folder.ts'

/** Permissions of new files: never more than each source and each replaced file grants. Private until complete. */
export interface Access {
  readonly mode: number
  readonly gid: number
}

const OWNER = 0o600

/** Returns what the umask allows new folders: reading it would change it for all threads. `probe`: a free name. */
export function usualAccess(probe: string): Access {
  try {
    mkdirSync(probe)
    try {
      const stat = lstatSync(probe)
      // Another user has put something in its place: grant no more than is safe.
      return stat.isDirectory() && isOwn(stat) ? stat : { mode: PRIVATE_FOLDER, gid: stat.gid }
    } finally {
      rmdirSync(probe)
    }
  } catch (error) {
    throw writeError(error, probe, 'create')
  }
}

/** Returns the mode of a file that is made from others. `usual`: its mode otherwise. */
export function fileMode(usual: Access, from: Iterable<Access>): number {
  let mode = usual.mode & 0o666
  for (const access of from) mode &= modeInGroup(access, usual.gid)
  return mode | OWNER
}

/** As `fileMode`, for a folder: users who may read its files may enter it. */
export function folderMode(usual: Access, from: Iterable<Access>): number {
  const files = fileMode({ ...usual, mode: 0o666 }, from)
  return (usual.mode & (files | ((files & 0o444) >> 2)) & 0o777) | 0o700
}
