import { lstatSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

// Plain JavaScript: a program looks here for its compiled code before it loads the first TypeScript.

const NAME = 'numpack-explorer'

/** Permissions of everybody but the owner. */
export const OTHERS = 0o077

/**
 * Where the program keeps its data on this system (XDG Base Directory, or the platform's own rule): the same for every
 * host, so that a store opened in one is a recent store in the other.
 *
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function dataFolder(platform = process.platform, env = process.env, home = homedir()) {
  const { XDG_DATA_HOME = '', LOCALAPPDATA } = env
  if (platform === 'win32') return join(LOCALAPPDATA ?? join(home, 'AppData', 'Local'), NAME)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME)
  // The specification: a relative path is invalid and ignored.
  return join(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(home, '.local', 'share'), NAME)
}

/**
 * Where the program puts what it can make again: after the same rules, in a folder that backups leave out.
 *
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string}
 */
export function cacheFolder(platform = process.platform, env = process.env, home = homedir()) {
  const { XDG_CACHE_HOME = '' } = env
  if (platform === 'win32') return join(dataFolder(platform, env, home), 'Cache')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', NAME)
  return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(home, '.cache'), NAME)
}

/**
 * Whether a file or folder belongs to the user that this process runs as. Always true on Windows.
 *
 * @param {{ uid: number }} stat
 */
export const isOwn = ({ uid }) => uid === (process.geteuid?.() ?? uid)

/**
 * Whether a folder is there, is no link, and no other user can enter it; false where that can't be told. Windows keeps the folders of a user's profile
 * private by itself.
 *
 * @param {string} path
 */
export function isPrivateFolder(path) {
  try {
    const stat = lstatSync(path)
    return stat.isDirectory() && (process.platform === 'win32' || (isOwn(stat) && (stat.mode & OTHERS) === 0))
  } catch {
    return false
  }
}
