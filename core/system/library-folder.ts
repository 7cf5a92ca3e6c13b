import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { findInstalled, requireInstalled } from './installed-package.ts'

const NAME = 'numpack'

interface Manifest {
  readonly name: string
  readonly version: string
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** Whether this very file lies in a folder, so that no bundler has moved its code. */
const isOwnFolder = (folder: string): boolean =>
  basename(folder) === 'system' && ['js', 'ts'].some(ending => existsSync(join(folder, `library-folder.${ending}`)))

let found: string | undefined

/**
 * Returns the folder of this library's sources, or where it is installed. A bundler moves the code away from its other
 * files; then the package is looked up as the bundle would import it.
 */
export function libraryFolder(): string {
  found ??= findFolder()
  return found
}

function findFolder(): string {
  const here = import.meta.dirname as string | undefined
  if (here === undefined)
    throw new NumPackError(
      'IO',
      `${NAME} doesn't work inside a CommonJS bundle. Leave it out of the bundle (external), or make an ES module.`,
    )
  if (isOwnFolder(here)) return join(here, '..')
  try {
    return findInstalled(NAME, here)
  } catch {
    return here
  }
}

/** Loads a native package, which no bundler can include. */
export const requireNative = (name: string): unknown => requireInstalled(name, libraryFolder())

export const libraryVersion = (): string => readManifest(libraryFolder()).version
