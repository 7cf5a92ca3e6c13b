import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { handles, PooledFile } from '../storage/handles.ts'
import { makeFolders } from '../storage/make-folders.ts'
import { isOwn, makePrivateFolder, NO_FOLLOW, PRIVATE_FILE, PRIVATE_FOLDER } from '../storage/private-folder.ts'
import { cacheFolder } from '../storage/user-folders.ts'
import { clearLeftovers, removeMade, siblingOf } from './temporary.ts'
import { writeError } from './write-error.ts'

/** The name that the spools' folders are made of, as a target has. */
const FOLDER_NAME = 'numpack-packages'

const NEW_FILE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW

const isSpool = (name: string): boolean => /^\d+\.spool$/.test(name)

/** Removes the spools of programs that ended without doing it. */
export const clearSpools = (folder: string): void => clearLeftovers(join(folder, FOLDER_NAME), isSpool)

/**
 * Makes a folder for the spools of one package, which nobody else can enter. `cache`: the folder that it is made in,
 * this user's own cache by default. Throws `IO` for one in which others could exchange it.
 */
export function makeSpoolFolder(cache: string | undefined): string {
  const own = cache ?? cacheFolder()
  const base = join(own, FOLDER_NAME)
  try {
    if (cache === undefined) makePrivateFolder(own)
    else makeFolders(own, folder => mkdirSync(folder, PRIVATE_FOLDER))
    checkSafe(own)
    clearSpools(own)
    const folder = siblingOf(base)
    mkdirSync(folder, PRIVATE_FOLDER)
    return folder
  } catch (error) {
    throw writeError(error, base)
  }
}

/** Removes a folder that `makeSpoolFolder` made, and the spools in it. */
export const removeSpoolFolder = (folder: string): void => removeMade(folder, isSpool)

/** A file of `bytes` zeros that take no space yet. */
export function makeSpool(folder: string, number: number, bytes: number): PooledFile {
  const path = join(folder, `${number}.spool`)
  try {
    const fd = openSync(path, NEW_FILE, PRIVATE_FILE)
    try {
      ftruncateSync(fd, bytes)
      return new PooledFile(handles, path, fstatSync(fd))
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw writeError(error, path)
  }
}

/** Who owns a folder, or may write to one that is not sticky, can put another in the place of what is made in it. */
function checkSafe(folder: string): void {
  if (process.platform === 'win32') return
  const real = realpathSync.native(folder)
  const stat = statSync(real)
  if (!isOwn(stat) && stat.uid !== 0) throw notSafe(folder, `it belongs to another user (${stat.uid})`)
  for (let at = real; ; at = dirname(at)) {
    if (isOpenToAll(lstatSync(at))) throw notSafe(folder, `every user may change ${at}`)
    if (dirname(at) === at) return
  }
}

const isOpenToAll = ({ mode }: Stats): boolean => (mode & 0o002) !== 0 && (mode & 0o1000) === 0

const notSafe = (folder: string, why: string): NumPackError =>
  new NumPackError('IO', `Can't decompress into ${folder}: ${why}. Choose another folder.`, { path: folder })
