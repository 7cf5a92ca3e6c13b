import { lstatSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, isAbsolute, join, resolve } from 'node:path'

// Plain JavaScript: a program looks here for its compiled code before it loads the first TypeScript.

const NAME = 'numpack-explorer'

/** Permissions of everybody but the owner. */
export const OTHERS = 0o077

/**
 * The user's home folder; null where there is none. A relative or empty HOME names a folder of wherever the program was
 * started, which is somebody else's as likely as not; a user that the system doesn't know has none.
 *
 * @returns {string | null}
 */
export function homeFolder(find = homedir) {
  try {
    const home = find()
    return isAbsolute(home) ? home : null
  } catch {
    return null
  }
}

/**
 * A folder below another one, or null where that is missing.
 *
 * @param {string | null} folder
 * @param {string[]} names
 */
const below = (folder, ...names) => (folder === null ? null : join(folder, ...names))

/**
 * Where the program keeps its data on this system (XDG Base Directory, or the platform's own rule): the same for every
 * host, so that a store opened in one is a recent store in the other. Always absolute; null where there is no home folder.
 *
 * @param {NodeJS.Platform} platform
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function dataFolder(platform = process.platform, env = process.env, home = homeFolder()) {
  const { XDG_DATA_HOME = '', LOCALAPPDATA = '' } = env
  if (platform === 'win32')
    return below(isAbsolute(LOCALAPPDATA) ? LOCALAPPDATA : below(home, 'AppData', 'Local'), NAME)
  if (platform === 'darwin') return below(home, 'Library', 'Application Support', NAME)
  // The specification: a relative path is invalid and ignored.
  return below(isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : below(home, '.local', 'share'), NAME)
}

/**
 * Where the program puts what it can make again: after the same rules, in a folder that backups leave out.
 *
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

/**
 * Whether a file or folder belongs to the user that this process runs as. Always true on Windows.
 *
 * @param {{ uid: number }} stat
 */
export const isOwn = ({ uid }) => uid === (process.geteuid?.() ?? uid)

const WRITABLE_BY_GROUP = 0o020
const WRITABLE_BY_ALL = 0o002
const STICKY = 0o1000
/** As many as Linux follows. */
const LINKS = 40

/** Trusts no group: for what the program executes. */
export const trustsNoGroup = () => false

/**
 * Whether nobody but its user is in a group: Debian gives each user one of the same number, and such a user's folders
 * are writable for it. False unless the system's lists say so: administrators add others to such groups, too. They list
 * everybody on Linux only, and no users of a network.
 *
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

/**
 * Fields of each line of a list of the system; none where there is no such list.
 *
 * @param {string} path
 */
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

/**
 * Whether others than its owner may write to a folder. `trustsGroup`: whether those in its group may.
 *
 * @param {import('node:fs').Stats} stat
 */
export const isWritableByOthers = (stat, trustsGroup = isGroupOfOne) =>
  (stat.mode & WRITABLE_BY_ALL) !== 0 || ((stat.mode & WRITABLE_BY_GROUP) !== 0 && !trustsGroup(stat))

/**
 * Who but root and this user could put another folder in the place of this one, as a sentence; null for nobody. As ssh
 * does it, every folder above counts, and every link on the way: each has to belong to root or this user, and to be
 * writable by them alone, or sticky as /tmp is, where everybody can exchange only what is theirs. A group may write to a
 * folder if `trustsGroup` says so. Where access control lists are set, the group's bits are theirs: only `trustsNoGroup`
 * holds there. Throws system errors, for a folder that isn't there too.
 *
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
 * Who could exchange what is still to be made at a path: the answer of `whoCanExchange` for the nearest folder above it
 * that is there.
 *
 * @param {string} path
 * @returns {string | null}
 */
export function whoCanExchangeNew(path, trustsGroup = isGroupOfOne) {
  let folder = dirname(path)
  while (lstatSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder)
  return whoCanExchange(folder, trustsGroup)
}

/**
 * Whether a folder is there, is no link, no other user can enter it, and none can put another one in its place; false
 * where that can't be told. No group is trusted. Windows keeps the folders of a user's profile private by itself.
 *
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
