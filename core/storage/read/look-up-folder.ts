import { realpathSync } from 'node:fs'
import { basename } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { type FileStat, statPath } from '../../system/file-stat.ts'
import { ioError } from '../../system/io-error.ts'

/** Throws `NOT_FOUND` or `IO`. */
export function realPathOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    throw ioError(error, path, 'open')
  }
}

/** Throws `NOT_FOUND`, `IO`, or `NOT_A_STORE` for anything but a folder. */
export function statFolder(path: string): FileStat {
  let stat: FileStat
  try {
    stat = statPath(path)
  } catch (error) {
    throw ioError(error, path, 'open')
  }
  if (stat.isDirectory()) return stat
  throw new NumPackError('NOT_A_STORE', `${path} is no NumPack store: it is not a folder (${basename(path)}).`, {
    path,
  })
}
