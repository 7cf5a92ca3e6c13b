import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

const NAME = 'numpack-explorer'

/**
 * Where the program keeps its data on this system (XDG Base Directory, or the platform's own rule): the same for every
 * host, so that a store opened in one is a recent store in the other.
 */
export function dataFolder(platform = process.platform, env = process.env, home = homedir()): string {
  const { XDG_DATA_HOME = '', LOCALAPPDATA } = env
  if (platform === 'win32') return join(LOCALAPPDATA ?? join(home, 'AppData', 'Local'), NAME)
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', NAME)
  // The specification: a relative path is invalid and ignored.
  return join(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : join(home, '.local', 'share'), NAME)
}

/** Where the program puts what it can make again: after the same rules, in a folder that backups leave out. */
export function cacheFolder(platform = process.platform, env = process.env, home = homedir()): string {
  const { XDG_CACHE_HOME = '' } = env
  if (platform === 'win32') return join(dataFolder(platform, env, home), 'Cache')
  if (platform === 'darwin') return join(home, 'Library', 'Caches', NAME)
  return join(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(home, '.cache'), NAME)
}
