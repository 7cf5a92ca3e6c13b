import { closeSync, constants, fchmodSync, fstatSync, openSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { NO_FOLLOW, NO_WAIT } from '../system/plain-file.ts'
import { makePrivateFolder, PRIVATE_FILE } from '../system/private-folder.ts'

/** Removes all permissions of other users from a file. Throws a system error, also for a link. */
function makePrivate(path: string, flags: number): void {
  const fd = openSync(path, flags | NO_FOLLOW | NO_WAIT, PRIVATE_FILE)
  try {
    if (process.platform !== 'win32' && fstatSync(fd).isFile()) fchmodSync(fd, PRIVATE_FILE)
  } finally {
    closeSync(fd)
  }
}

/**
 * Creates the folder and the database in it, readable by their user alone, and makes existing files whose names begin
 * like the database's private too. SQLite gives the files that it creates beside a database the database's mode. Throws
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
