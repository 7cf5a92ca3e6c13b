import { lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'

// Plain JavaScript, because a program looks here for its compiled code before it loads TypeScript.

const NAME = 'numpack-explorer'

export const OTHERS = 0o077

/** @returns {string | null} null for a relative HOME, which may be another user's folder, and for an unknown user */
export function homeFolder(find = homedir) {
  try {
    const home = find()
    return isAbsolute(home) ? home : null
  } catch {
    return null
  }
}

/**
 * @param {string | null} folder
 * @param {string[]} names
 */
const below = (folder, ...names) => (folder === null ? null : join(folder, ...names))

/**
 * Data folder of every host (XDG Base Directory, or the platform's own rule). null without a home folder.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function dataFolder(platform = process.platform, env = process.env, home = homeFolder()) {
  const { XDG_DATA_HOME = '', LOCALAPPDATA = '' } = env
  if (platform === 'win32')
    return below(isAbsolute(LOCALAPPDATA) ? LOCALAPPDATA : below(home, 'AppData', 'Local'), NAME)
  if (platform === 'darwin') return below(home, 'Library', 'Application Support', NAME)
  // XDG: a relative path is invalid and ignored.
  return below(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : below(home, '.local', 'share'), NAME)
}

/**
 * As `dataFolder`, for what the program can make again: backups leave it out.
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function cacheFolder(platform = process.platform, env = process.env, home = homeFolder()) {
  const { XDG_CACHE_HOME = '' } = env
  if (platform === 'win32') return below(dataFolder(platform, env, home), 'Cache')
  if (platform === 'darwin') return below(home, 'Library', 'Caches', NAME)
  return below(isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : below(home, '.cache'), NAME)
}

/** @param {{ uid: number }} stat */
export const isOwn = ({ uid }) => uid === (process.geteuid?.() ?? uid)

const WRITABLE_BY_GROUP = 0o020
const WRITABLE_BY_ALL = 0o002
const STICKY = 0o1000
const LINKS = 40

/** Trusts no group: for what the program executes. */
export const trustsNoGroup = () => false

/**
 * Whether nobody but its user is in a group, as in Debian's user private groups. Administrators add others, so only the
 * system's lists can tell. They are complete on Linux only, and there without the users of a network.
 * @param {{ uid: number, gid: number }} stat
 */
export function isGroupOfOne({ uid, gid }, read = readList) {
  if (uid !== gid) return false
  const [users, groups] = [read('/etc/passwd'), read('/etc/group')]
  const numberOf = new Map(users.map(([name, , id]) => [name, Number(id)]))
  const [group, ...more] = groups.filter(([, , id]) => Number(id) === gid)
  if (group === undefined || more.length > 0) return false
  const members = (group[3] ?? '').split(',').filter(Boolean)
  const isUser = users.some(([, , id, group]) => Number(id) === uid && Number(group) === gid)
  return (
    isUser &&
    members.every(name => numberOf.get(name) === uid) &&
    users.every(([, , id, group]) => Number(group) !== gid || Number(id) === uid)
  )
}

/** @param {string} path */
function readList(path) {
  if (process.platform !== 'linux') return []
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .map(line => line.split(':'))
  } catch {
    return []
  }
}

/** @param {import('node:fs').Stats} stat */
export const isWritableByOthers = (stat, trustsGroup = isGroupOfOne) =>
  (stat.mode & WRITABLE_BY_ALL) !== 0 || ((stat.mode & WRITABLE_BY_GROUP) !== 0 && !trustsGroup(stat))

/**
 * Returns a sentence about who but root and this user could put another folder in this one's place, or null. As in ssh,
 * every folder above and every link on the way must belong to root or this user, and be writable by them alone or
 * sticky, as /tmp is. A group may write if `trustsGroup` says so; where access control lists are set, the group's bits
 * are theirs: only `trustsNoGroup` is safe. Throws system errors, also for a missing folder.
 * @param {string} path
 * @returns {string | null}
 */
export function whoCanExchange(path, trustsGroup = isGroupOfOne, links = LINKS) {
  if (process.platform === 'win32') return null
  const parent = dirname(path)
  if (parent !== path) {
    const above = whoCanExchange(parent, trustsGroup, links)
    if (above !== null) return above
  }
  const stat = lstatSync(path)
  if (stat.uid !== 0 && !isOwn(stat)) return `${path} belongs to another user (${stat.uid})`
  if (stat.isSymbolicLink()) {
    if (links === 0) return `${path} is a link that leads in a circle`
    return whoCanExchange(resolve(realpathSync(parent), readlinkSync(path)), trustsGroup, links - 1)
  }
  const isSafe = (stat.mode & STICKY) !== 0 || !isWritableByOthers(stat, trustsGroup)
  return isSafe ? null : `other users may change ${path} ("chmod go-w" ends that)`
}

/**
 * As `whoCanExchange`, for what is not made yet: checks the nearest existing folder above it.
 * @param {string} path
 */
export function whoCanExchangeNew(path, trustsGroup = isGroupOfOne) {
  if (process.platform === 'win32') return null
  let folder = dirname(path)
  while (lstatSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder)
  return whoCanExchange(folder, trustsGroup)
}

/**
 * Whether a folder, no link, can't be entered or exchanged by other users. Windows keeps profiles private itself.
 * @param {string} path
 */
export function isPrivateFolder(path) {
  try {
    const stat = lstatSync(path)
    if (!stat.isDirectory() || process.platform === 'win32') return stat.isDirectory()
    return isOwn(stat) && (stat.mode & OTHERS) === 0 && whoCanExchange(path, trustsNoGroup) === null
  } catch {
    return false
  }
}
