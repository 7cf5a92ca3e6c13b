import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { OutputFile } from '../system/files.ts'
import { handles, PooledFile } from '../system/handles.ts'
import { writeError } from '../system/io-error.ts'
import { makeFolders } from '../system/make-folders.ts'
import { makeTrustedFolder, PRIVATE_FOLDER, whoCanExchange, whoCanExchangeNew } from '../system/private-folder.ts'
import { cacheFolder } from '../system/user-folders.ts'
import { clearLeftovers, removeMade, siblingOf } from './temporary.ts'

const FOLDER_NAME = 'numpack-packages'

const isSpool = (name: string): boolean => /^\d+\.spool$/.test(name)

/** Removes the spools of processes that ended without doing so. */
export const clearSpools = (folder: string): void => clearLeftovers(join(folder, FOLDER_NAME), isSpool)

/** Makes a private folder in `cache` for one package's spools. Throws `IO` if others could exchange it. */
export function makeSpoolFolder(cache: string | undefined): string {
  const own = cache ?? cacheFolder()
  if (own === null) throw noHome()
  const base = join(own, FOLDER_NAME)
  try {
    if (cache === undefined) {
      // Compiled code is in it, too.
      makeTrustedFolder(own)
    } else {
      refuseShared(own, whoCanExchangeNew(resolve(own)))
      makeFolders(own, folder => mkdirSync(folder, PRIVATE_FOLDER))
    }
    refuseShared(own, whoCanExchange(resolve(own)))
    clearSpools(own)
    const folder = siblingOf(base)
    mkdirSync(folder, PRIVATE_FOLDER)
    return folder
  } catch (error) {
    throw writeError(error, base, 'create')
  }
}

export const removeSpoolFolder = (folder: string): void => removeMade(folder, isSpool)

/** Makes a sparse file. */
export function makeSpool(folder: string, number: number, bytes: number): PooledFile {
  const path = join(folder, `${number}.spool`)
  using file = OutputFile.create(path, 'owner')
  file.resize(bytes)
  return new PooledFile(handles, path, file.stat)
}

function refuseShared(folder: string, why: string | null): void {
  if (why === null) return
  throw new NumPackError('IO', `Can't decompress into ${folder}: ${why}. Choose another folder.`, { path: folder })
}

const noHome = (): NumPackError =>
  new NumPackError(
    'IO',
    "Can't decompress: this user has no home folder. Set HOME or XDG_CACHE_HOME to an absolute path, or unpack the package.",
  )
