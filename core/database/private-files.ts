import { closeSync, constants, fchmodSync, fstatSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { makePrivateFolder, NO_FOLLOW, PRIVATE_FILE } from '../system/private-folder.ts'

/** Closes a file to all other users. Throws a system error, for a link too. */
function makePrivate(path: string, flags: number): void {
  const fd = openSync(path, flags | NO_FOLLOW, PRIVATE_FILE)
  try {
    if (process.platform !== 'win32' && fstatSync(fd).isFile()) fchmodSync(fd, PRIVATE_FILE)
  } finally {
    closeSync(fd)
  }
}

/**
 * Makes the folder and the database in it files of their user alone, whatever they were before, with all that lies beside it
 * under a name that begins like its own: SQLite gives the files that it makes beside a database the database's mode. Throws
 * NumPackError or a system error.
 */
export function makePrivateDatabase(folder: string, name: string): void {
  makePrivateFolder(folder)
  makePrivate(join(folder, name), constants.O_RDWR | constants.O_CREAT)
  const prefix = name.slice(0, name.indexOf('.') + 1)
  for (const other of readdirSync(folder)) {
    if (other.startsWith(prefix) && other !== name) makePrivate(join(folder, other), constants.O_RDONLY)
  }
}
