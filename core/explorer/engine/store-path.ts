import { closeSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { METADATA_FILE } from '../../format/names.ts'
import { openNamed } from '../../system/plain-file.ts'

const PACKAGE_MAGIC = 'NPKG'
const PACKAGE_SUFFIX = '.npkg'

/** What a path leads to. */
export interface FoundPath {
  kind: 'store' | 'package'
  /** The real path of the folder or the file. */
  path: string
}

export const hasPackageName = (path: string): boolean => path.toLowerCase().endsWith(PACKAGE_SUFFIX)

/** What a failed system call on a path means, as one sentence: NOT_FOUND, ARGUMENT or IO. */
export function cannotRead(path: string, error: unknown): NumPackError {
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  const details = { path, system: code }
  switch (code) {
    case 'ENOENT':
      return new NumPackError('NOT_FOUND', `${path} is not there.`, details, error)
    case 'ENOTDIR':
      return new NumPackError(
        'NOT_FOUND',
        `${path} is not there: a part of it is a file, not a folder.`,
        details,
        error,
      )
    case 'EACCES':
    case 'EPERM':
      return new NumPackError('IO', `${path} can't be read: no permission.`, details, error)
    case 'ENAMETOOLONG':
      return new NumPackError('ARGUMENT', `The path ${path.slice(0, 80)}… is too long for this system.`, details, error)
    case 'ELOOP':
      return new NumPackError('IO', `${path} can't be read: its symbolic links lead in a circle.`, details, error)
    case 'ERR_INVALID_ARG_VALUE':
      return new NumPackError('ARGUMENT', `${JSON.stringify(path.slice(0, 80))} is no path.`, details, error)
    default:
      return new NumPackError('IO', `${path} can't be read (${code || String(error)}).`, details, error)
  }
}

function stat(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** A folder with NumPack's metadata file in it. */
export const isStoreFolder = (folder: string): boolean => stat(join(folder, METADATA_FILE))?.isFile() ?? false

function startsWithPackageMagic(file: string): boolean {
  const { fd } = openNamed(file)
  try {
    const head = Buffer.alloc(PACKAGE_MAGIC.length)
    return readSync(fd, head, 0, head.length, 0) === head.length && head.toString('latin1') === PACKAGE_MAGIC
  } finally {
    closeSync(fd)
  }
}

/** The store around a file of it: the file's folder, or the one above for a file of a segments' folder. */
function storeAround(file: string): string | undefined {
  const folder = dirname(file)
  return [folder, dirname(folder)].find(isStoreFolder)
}

/**
 * The store or package that a user means: a store's folder, any file inside of it, or a package's file, known by its
 * name or its first bytes. Throws NOT_FOUND, IO, or NOT_A_STORE for any other file. A folder is given back without
 * looking for metadata in it.
 */
export function findPath(path: string): FoundPath {
  const absolute = resolve(path)
  try {
    const real = realpathSync.native(absolute)
    const found = statSync(real)
    if (found.isDirectory()) return { kind: 'store', path: real }
    if (found.isFile()) {
      if (hasPackageName(real) || startsWithPackageMagic(real)) return { kind: 'package', path: real }
      const store = storeAround(real)
      if (store !== undefined) return { kind: 'store', path: store }
    }
    throw new NumPackError(
      'NOT_A_STORE',
      `${absolute} is a file, not a NumPack store (a folder), and no NumPack package either (a .npkg file).`,
      { path: absolute },
    )
  } catch (error) {
    if (error instanceof NumPackError) throw error
    throw cannotRead(absolute, error)
  }
}
