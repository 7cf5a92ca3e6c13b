import { existsSync, lstatSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = 0

/**
 * Loads a CommonJS package that may be missing, for the module `from`. Throws if it is, or if the `node_modules` that has
 * it belongs to another user than root, this one and the owner of `from`: Node looks in every folder above the program
 * too, also in one where anybody may make it.
 */
export function requireInstalled(name: string, from: string = import.meta.url): unknown {
  const require = createRequire(from)
  const folders = require.resolve.paths(name)
  // It is part of the bundle of the desktop app.
  if (folders === null) return require(name)
  const [own = name] = name.split('/')
  const folder = folders.find(folder => existsSync(join(folder, own)))
  if (folder === undefined) throw new Error(`${own} is not installed`)
  if (process.platform !== 'win32' && !trustedUsers(from).includes(lstatSync(folder).uid))
    throw new Error(`${folder} belongs to another user`)
  return require(join(folder, name))
}

const trustedUsers = (from: string): (number | undefined)[] => [
  ROOT,
  process.geteuid?.(),
  lstatSync(fileURLToPath(from)).uid,
]
