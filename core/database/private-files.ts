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

/** Creates a private folder and database and makes its existing files private. SQLite gives new ones the same mode. */
export function makePrivateDatabase(folder: string, name: string): void {
  makePrivateFolder(folder)
  makePrivate(join(folder, name), constants.O_RDWR | constants.O_CREAT)
  const prefix = name.slice(0, name.indexOf('.') + 1)
  for (const other of readdirSync(folder)) {
    if (other.startsWith(prefix) && other !== name) makePrivate(join(folder, other), constants.O_RDONLY)
  }
}
