import { closeSync, readSync, realpathSync, type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { METADATA_FILE } from '../../format/names.ts'
import { resolveGivenPath } from '../../system/given-path.ts'
import { givenPathError } from '../../system/io-error.ts'
import { openNamed } from '../../system/plain-file.ts'

const PACKAGE_MAGIC = 'NPKG'
const PACKAGE_SUFFIX = '.npkg'

export interface FoundPath {
  kind: 'store' | 'package'
  path: string
}

export const hasPackageName = (path: string): boolean => path.toLowerCase().endsWith(PACKAGE_SUFFIX)

function stat(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

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

/** Returns the store that a file belongs to: its folder, or the parent of that for a file in a segments folder. */
function storeAround(file: string): string | undefined {
  const folder = dirname(file)
  return [folder, dirname(folder)].find(isStoreFolder)
}

/**
 * Finds the store (folder or file in it) or package (by name or first bytes) of a user's path. Looks for no metadata in
 * a folder. Throws NOT_FOUND, ARGUMENT, IO, or NOT_A_STORE for any other file.
 */
export function findPath(path: string): FoundPath {
  const absolute = resolveGivenPath(path)
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
    throw givenPathError(error, absolute)
  }
}
