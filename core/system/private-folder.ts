import { randomUUID } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { doing, isErrno } from './io-error.ts'
import { makeFolders } from './make-folders.ts'
import { isGroupOfOne, isOwn, isWritableByOthers, OTHERS, whoCanExchange, whoCanExchangeNew } from './own-folders.mjs'

export { isOwn, OTHERS, whoCanExchange, whoCanExchangeNew }

export const PRIVATE_FOLDER = 0o700
export const PRIVATE_FILE = 0o600

/**
 * Makes a folder that no other user can enter, and its parents. Takes an existing one only if it is this user's, no
 * link, and where nobody else can exchange it; closes it to others, and keeps what they may have put in it. Throws
 * `IO`, if possible before it makes anything. Windows keeps the folders of a profile private itself.
 */
export function makePrivateFolder(path: string, trustsGroup = isGroupOfOne): void {
  makeIfMissing(path, trustsGroup)
  const stat = lstatSync(path)
  if (!stat.isDirectory()) throw notPrivate(path, 'it is a link or a file')
  if (process.platform === 'win32') return
  if (!isOwn(stat)) throw notPrivate(path, `it belongs to another user (${stat.uid})`)
  const why = whoCanExchange(dirname(path), trustsGroup)
  if (why !== null) throw notPrivate(path, why)
  if ((stat.mode & OTHERS) !== 0) doing('write', path, () => chmodSync(path, PRIVATE_FOLDER))
}

/**
 * As `makePrivateFolder`, for files that are trusted later, such as compiled code: renames a folder in which others may
 * have put files, and makes an empty one.
 */
export function makeTrustedFolder(path: string, trustsGroup = isGroupOfOne): void {
  if (process.platform !== 'win32') renameUntrusted(path, trustsGroup)
  makePrivateFolder(path, trustsGroup)
}

function renameUntrusted(path: string, trustsGroup: typeof isGroupOfOne): void {
  doing('rename', path, () => {
    const stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat?.isDirectory() !== true || !isOwn(stat) || !isWritableByOthers(stat, trustsGroup)) return
    if (whoCanExchange(dirname(path), trustsGroup) === null) renameSync(path, `${path}.${randomUUID()}.untrusted`)
  })
}

function makeIfMissing(path: string, trustsGroup: typeof isGroupOfOne): void {
  doing('create', path, () => {
    const why = whoCanExchangeNew(path, trustsGroup)
    if (why !== null) throw notPrivate(path, why)
    try {
      makeFolders(dirname(path), makePrivate)
      makePrivate(path)
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw error
    }
  })
}

/** As the XDG specification asks. */
const makePrivate = (folder: string): void => mkdirSync(folder, PRIVATE_FOLDER)

const notPrivate = (path: string, why: string): NumPackError =>
  new NumPackError('IO', `Can't use ${path}: ${why}. Remove it, or choose another folder.`, { path })
