import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { isErrno, writeError } from './io-error.ts'
import { makeFolders } from './make-folders.ts'
import { isOwn, OTHERS, whoCanExchange } from './own-folders.mjs'

export { isOwn, whoCanExchange }

export { NO_FOLLOW } from './plain-file.ts'

/** Mode of folders that only their owner may enter. */
export const PRIVATE_FOLDER = 0o700
/** Mode of files that only their owner may read. */
export const PRIVATE_FILE = 0o600

/**
 * Makes a folder that no other user can enter, and its parents; one that is there is taken only if it is a real folder of
 * this user in a place where nobody else can exchange it, and closed to others if it was open to them. Throws `IO`:
 * whoever owns the folder, or one above, could read and exchange what is put into it. On Windows the folders of a user's
 * profile are private already.
 */
export function makePrivateFolder(path: string): void {
  try {
    makeFolders(dirname(path), makePrivate)
    makePrivate(path)
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw writeError(error, path, 'create')
  }
  const stat = lstatSync(path)
  if (!stat.isDirectory()) throw notPrivate(path, 'it is a link or a file')
  if (process.platform === 'win32') return
  if (!isOwn(stat)) throw notPrivate(path, `it belongs to another user (${stat.uid})`)
  const why = whoCanExchange(dirname(path))
  if (why !== null) throw notPrivate(path, why)
  if ((stat.mode & OTHERS) !== 0) chmodSync(path, PRIVATE_FOLDER)
}

/** The XDG specification asks for this mode. */
const makePrivate = (folder: string): void => mkdirSync(folder, PRIVATE_FOLDER)

const notPrivate = (path: string, why: string): NumPackError =>
  new NumPackError('IO', `Can't use ${path}: ${why}. Remove it, or choose another folder.`, { path })
