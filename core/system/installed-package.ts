import { existsSync, lstatSync } from 'node:fs'
import module from 'node:module'
import { join } from 'node:path'

const ROOT = 0

/** As `module.createRequire`, whose name webpack would look for in imports. */
export const requireFrom = (folder: string): NodeJS.Require => module.createRequire(join(folder, 'index.js'))

/**
 * Loads a CommonJS package that may be missing, for the code in `program`. Throws if it is, or if the `node_modules` that
 * has it belongs to another user than root, this one and the owner of `program`: Node looks in every folder above the
 * program too, also in one where anybody may make it.
 */
export function requireInstalled(name: string, program: string): unknown {
  const require = requireFrom(program)
  const folders = require.resolve.paths(name)
  // It is part of the bundle of the desktop app.
  if (folders === null) return require(name)
  const [own = name] = name.split('/')
  const folder = folders.find(folder => existsSync(join(folder, own)))
  if (folder === undefined) throw new Error(`${own} is not installed`)
  const trusted = [ROOT, process.geteuid?.(), lstatSync(program).uid]
  if (process.platform !== 'win32' && !trusted.includes(lstatSync(folder).uid))
    throw new Error(`${folder} belongs to another user`)
  return require(join(folder, name))
}
