import { createHash, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync, unlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { isPackedFile } from '../format/npkg.ts'
import { disk, isTemporary } from '../system/files.ts'
import { type FileIdentity, type FileStat, lstatPath } from '../system/file-stat.ts'
import { HeldFolder } from '../system/held-folder.ts'
import { ignoreErrors } from '../system/ignore-errors.ts'
import { insist } from '../system/insist.ts'
import { doing } from '../system/io-error.ts'
import { isRunning } from '../system/running.ts'
import { isOwn, OTHERS, PRIVATE_FOLDER } from '../system/private-folder.ts'

/** Tells leftovers of this machine since its start from others': containers number their processes independently. */
const machine = (): string =>
  createHash('sha256')
    .update([hostname(), ...MACHINE.map(textOf)].join(' '))
    .digest('hex')
    .slice(0, 8)

const MACHINE: readonly (() => string)[] = [
  () => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'),
  () => readlinkSync('/proc/self/ns/pid'),
]

function textOf(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

/** Age at which a leftover of another machine or an earlier boot is nobody's: jobs write all the time. */
const OLD_MS = 24 * 60 * 60 * 1000

const STICKY = 0o1000

/** Leaves room for the suffix in the 255 bytes of a file name. */
const MAX_BASE = 200

const baseOf = (target: string): string => {
  const base = basename(target)
  if (Buffer.byteLength(base) <= MAX_BASE) return base
  return createHash('sha256').update(base).digest('hex').slice(0, 32)
}

const isUnpacked = (name: string): boolean => isPackedFile(name) || isTemporary(name)

/** Makes a new temporary name beside `target`. */
export const siblingOf = (target: string): string =>
  join(dirname(target), `.${baseOf(target)}.${machine()}-${process.pid}-${randomBytes(4).toString('hex')}.tmp`)

/** Name of the folder in a store that is a mount point: no folder beside it lies on the same disk. */
const INNER = 'unpacked'

/** Makes a new temporary name inside an existing folder `target`, for what replaces its content. */
export const innerSiblingOf = (target: string): string => siblingOf(join(target, INNER))

export const clearInner = (target: string): void => clearLeftovers(join(target, INNER))

export const isInnerSibling = (name: string): boolean =>
  name.startsWith(`.${INNER}.`) && LEFTOVER.test(name.slice(INNER.length + 2))

/** What follows the target's name: machine, process and a random part. */
const LEFTOVER = /^([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.tmp$/
const LEFTOVER_START = /^[0-9a-f]{8}-\d+-[0-9a-f]{8}\.tmp/

/** Names the target instead of its temporary sibling in a text that a user reads. */
export function withoutSibling(text: string, target: string): string {
  const sibling = join(dirname(target), `.${baseOf(target)}.`)
  const [before = '', ...rest] = text.split(sibling)
  return rest.reduce((named, part) => {
    const suffix = LEFTOVER_START.exec(part)?.[0]
    return named + (suffix === undefined ? sibling + part : target + part.slice(suffix.length))
  }, before)
}

/**
 * Removes what dead processes of this machine and user left beside `target`, and what others left over a day ago:
 * files, and folders of files that pass `isMade`. A folder that another user may have named so stays.
 */
export function clearLeftovers(target: string, isMade: (name: string) => boolean = isUnpacked): void {
  const prefix = `.${baseOf(target)}.`
  ignoreErrors(() => {
    using folder = HeldFolder.openPath(dirname(target))
    const isLeftover = (name: string): boolean => {
      const [, maker, pid] = (name.startsWith(prefix) && LEFTOVER.exec(name.slice(prefix.length))) || []
      return maker === machine() ? !isRunning(Number(pid)) : maker !== undefined && isOld(folder, name)
    }
    for (const name of folder.entries().filter(isLeftover)) {
      ignoreErrors(() => remove(folder.at(name), isMade, !mayBeRenamed(folder)))
    }
  })
}

/**
 * Removes a file, or a folder and its files that pass `isMade`, if they are this user's and no links. The next cleanup
 * removes the rest. Where other users may rename entries, folders with files stay, because they may be others by now.
 */
export function removeMade(path: string, isMade: (name: string) => boolean = isUnpacked): void {
  ignoreErrors(() => {
    using folder = HeldFolder.openPath(dirname(path))
    remove(folder.at(basename(path)), isMade, !mayBeRenamed(folder))
  })
}

const isYoung = ({ mtimeNs }: FileStat): boolean => Date.now() - Number(mtimeNs) / 1e6 <= OLD_MS

function isOld(folder: HeldFolder, name: string): boolean {
  try {
    const stat = lstatPath(folder.at(name))
    // Another user's folder is not removed, and may have any number of files.
    if (!isOwn(stat) || isYoung(stat)) return false
    using held = HeldFolder.open(folder, name)
    return held === null || !held.entries().some(file => isYoung(lstatPath(held.at(file))))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return false
  }
}

/** Whether a user other than root can rename the entries of a folder. */
function mayBeRenamed({ stat }: HeldFolder): boolean {
  if (process.platform === 'win32') return false
  const isShared = (stat.mode & 0o022) !== 0 && (stat.mode & STICKY) === 0
  return isShared || (!isOwn(stat) && stat.uid !== 0)
}

function remove(path: string, isMade: (name: string) => boolean, isOurs: boolean): void {
  const stat = lstatPath(path)
  if (!isOwn(stat)) return
  if (stat.isFile()) insist(() => unlinkSync(path))
  else if (stat.isDirectory() && isOurs) removeFolder(path, stat, isMade)
  // Removing an empty folder loses nothing.
  else if (stat.isDirectory()) rmdirSync(path)
}

function removeFolder(path: string, inode: FileIdentity, isMade: (name: string) => boolean): void {
  // A user who may write to the parent folder could have put a link in its place by now.
  using held = HeldFolder.open(dirname(path), basename(path))
  if (held?.is(inode) === true) removeHeld(held, isMade)
}

/** As `removeMade`, for a held folder: its files don't depend on what has its name now. */
export function removeHeld(held: HeldFolder, isMade: (name: string) => boolean = isUnpacked): void {
  ignoreErrors(() => {
    for (const entry of readdirSync(held.root, { withFileTypes: true })) {
      // A process killed while it tried what the disk can do leaves a link or an empty folder.
      if (entry.isDirectory() && isTemporary(entry.name)) ignoreErrors(() => rmdirSync(held.at(entry.name)))
      else if (entry.isSymbolicLink() ? isTemporary(entry.name) : entry.isFile() && isMade(entry.name)) {
        insist(() => disk.unlink(held.at(entry.name)))
      }
    }
    if (held.isInPlace) insist(() => disk.removeFolder(held.path))
  })
}

/** Makes and holds a private folder. Throws `CHANGED_ON_DISK` if another user exchanges it at once. */
export function makeHeld(path: string): HeldFolder {
  doing('create', path, () => mkdirSync(path, PRIVATE_FOLDER))
  const held = HeldFolder.open(dirname(path), basename(path))
  if (held !== null && isOwn(held.stat)) {
    closeToOthers(held)
    if (held.entries().length === 0) return held
  }
  held?.[Symbol.dispose]()
  throw exchanged(path)
}

/** A folder open to others isn't the one that was made. Some disks have no permissions. */
function closeToOthers({ root, stat }: HeldFolder): void {
  if (process.platform !== 'win32' && (stat.mode & OTHERS) !== 0) ignoreErrors(() => chmodSync(root, PRIVATE_FOLDER))
}

export const exchanged = (path: string): NumPackError =>
  new NumPackError(
    'CHANGED_ON_DISK',
    `${path} was exchanged while it was being made: somebody else may write to ${dirname(path)}. Choose another place.`,
    { path },
  )
