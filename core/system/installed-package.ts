import { existsSync, lstatSync, statSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'

const ROOT = 0

/** As `module.createRequire`, whose name webpack would look for in imports. */
const requireFrom = (folder: string): NodeJS.Require => module.createRequire(join(folder, 'index.js'))

/** Loads a CommonJS package that may be missing, for the code in `program`. Throws as `findInstalled`. */
export function requireInstalled(name: string, program: string): unknown {
  const require = requireFrom(program)
  const folders = require.resolve.paths(name)
  // It is part of the bundle of the desktop app.
  if (folders === null) return require(name)
  const [own = name, ...inside] = name.split('/')
  return require(join(findInstalled(own, program, folders), ...inside))
}

/**
 * Returns the folder of a package for the code in `program`. Throws if the package is not installed. Node also looks in the
 * folders above the program, where anybody may have put one: throws, too, if the package or its `node_modules` belongs to
 * anyone but root, this user and the owner of `program`.
 */
export function findInstalled(
  name: string,
  program: string,
  folders = requireFrom(program).resolve.paths(name) ?? [],
): string {
  const folder = folders.find(folder => existsSync(join(folder, name)))
  if (folder === undefined) throw new Error(`${name} is not installed`)
  const found = join(folder, name)
  const trusted = new Set([ROOT, process.geteuid?.(), lstatSync(program).uid])
  const isForeign = [folder, found].some(path => !trusted.has(statSync(path).uid))
  if (process.platform !== 'win32' && isForeign) throw new Error(`${found} belongs to another user`)
  return found
}
