import { closeSync, constants, type Dirent, fstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import {
  HOLDER_FILE,
  isArrayFile,
  isLockFolder,
  isNumPackTemporary,
  isSegmentsFolder,
  LOCK_FILE,
  METADATA_FILE,
} from '../format/names.ts'
import { WRITE_LOG_FILE } from '../storage/read/write-log.ts'
import { insist } from '../system/insist.ts'
import { ioError, isErrno } from '../system/io-error.ts'
import { NO_FOLLOW, NO_WAIT } from '../system/plain-file.ts'
import { isArrayFileOrLeftover } from '../storage/write/remove.ts'
import { hasUnfinishedReplacement } from '../storage/write/replace-files.ts'
import { lookUpNoFollow } from './files.ts'
import { isConflictCopy, isOfSystem } from './foreign-files.ts'
import { isInnerSibling } from './temporary.ts'
import { type FileStat, type FileIdentity, isSameFile, statIfThere, statPath } from '../system/file-stat.ts'

/** Rules for targets: `overwrite` replaces packages by packages and stores by stores, never links or the source. */

const MAGIC = 'NPKG'

const refusal = (target: string, code: 'EXISTS' | 'ARGUMENT', what: string): NumPackError =>
  new NumPackError(code, `${target} ${what}`, { path: target })

/** Paths relative to the store. */
export interface StoreContent {
  readonly files: readonly string[]
  readonly segments: readonly string[]
  /** Folders of segments, empty ones included. */
  readonly segmentFolders: readonly string[]
}

/** Returns the package to replace. Throws `EXISTS`, or `ARGUMENT` for a place in the store or a link to its files. */
export function packageToReplace(
  target: string,
  overwrite: boolean,
  source: { readonly folder: FileIdentity; isPacked(file: FileIdentity): boolean },
): FileStat | undefined {
  if (liesIn(target, source.folder)) {
    throw refusal(target, 'ARGUMENT', 'lies inside the store that is to be packed. Choose another target.')
  }
  const stat = lookUpNoFollow(target)
  if (stat === undefined) return undefined
  if (stat.isFile() && source.isPacked(stat)) {
    throw refusal(target, 'ARGUMENT', 'is one of the files that are to be packed. Choose another target.')
  }
  refuseLink(target, stat)
  if (stat.isDirectory()) throw refusal(target, 'EXISTS', 'is a folder. Choose another name for the package.')
  if (!overwrite) throw refusal(target, 'EXISTS', 'is there already. Choose another name or allow overwriting.')
  if (!stat.isFile() || !isPackage(target)) {
    throw refusal(target, 'EXISTS', 'is not a NumPack package and is not replaced. Choose another name, or remove it.')
  }
  return stat
}

/** Returns the folder to replace. Throws `EXISTS`, or `ARGUMENT` for the package or what lies around or below it. */
export function storeToReplace(target: string, overwrite: boolean, source: string): FileStat | undefined {
  const file = statPath(source)
  const stat = lookUpNoFollow(target)
  if (liesIn(target, file) || (stat?.isDirectory() === true && liesIn(source, stat))) {
    throw refusal(target, 'ARGUMENT', 'is the package itself, or lies around or below it. Choose another target.')
  }
  if (stat === undefined) return undefined
  refuseLink(target, stat)
  if (!overwrite) throw refusal(target, 'EXISTS', 'is there already. Choose another name or allow overwriting.')
  if (!stat.isDirectory()) {
    throw refusal(target, 'EXISTS', 'is not a store (a folder) and is not replaced. Choose another name, or remove it.')
  }
  // The links of a writer that died are turned into files, and checked, when the store is replaced.
  if (!hasUnfinishedReplacement(target)) storeContent(target)
  return stat
}

/**
 * Lists a folder that is to be replaced. Throws `EXISTS` unless everything in it is NumPack's. Files that look like a sync
 * program's conflict copies stay, unless they are `own`: those of arrays.
 */
export function storeContent(folder: string, own: ReadonlySet<string> = NONE): StoreContent {
  const files: string[] = []
  const segments: string[] = []
  const segmentFolders: string[] = []
  const foreign = (name: string): NumPackError =>
    refusal(folder, 'EXISTS', `holds files that are not NumPack's (${name}) and is not replaced. Choose another name.`)
  for (const entry of list(folder)) {
    const isFolder = entry.isDirectory()
    const isOther = (isFolder || entry.isFile()) && !own.has(entry.name)
    if (isOther && isLeftAlone(entry.name, isFolder)) continue
    if (entry.isFile() && isStoreFile(entry.name)) files.push(entry.name)
    else if (isFolder && isLockFolder(entry.name)) continue
    else if (isFolder && isSegmentsFolder(entry.name)) {
      segmentFolders.push(entry.name)
      for (const segment of list(join(folder, entry.name))) {
        const path = join(entry.name, segment.name)
        if (!segment.isFile() || !/^seg_\d+\.npkd$/.test(segment.name)) throw foreign(path)
        segments.push(path)
      }
    } else throw foreign(entry.name)
  }
  // Without metadata these may be anyone's files with such names, except those that a writer was about to finish.
  if (!files.includes(METADATA_FILE) && !files.includes(WRITE_LOG_FILE)) {
    const [other] = [...files.filter(name => isArrayFile(name) || isNumPackTemporary(name)), ...segments]
    if (other !== undefined) {
      throw refusal(
        folder,
        'EXISTS',
        `has no ${METADATA_FILE}, so that ${other} may be anybody's: it is not replaced. Choose another name, or move it away.`,
      )
    }
  }
  return { files, segments, segmentFolders }
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    throw ioError(error, folder, 'open')
  }
}

const NONE: ReadonlySet<string> = new Set()

/** Whether an entry stays when the store is replaced: it belongs to the system or to this very job. */
const isLeftAlone = (name: string, isFolder: boolean): boolean =>
  isOfSystem(name, isFolder) || (isFolder ? isInnerSibling(name) : name === HOLDER_FILE || isConflictCopy(name, NONE))

/** Whether NumPack or this project writes a file, or leaves it when a writer dies. */
const isStoreFile = (name: string): boolean =>
  name === METADATA_FILE || name === LOCK_FILE || name === `${LOCK_FILE}-journal` || isArrayFileOrLeftover(name)

function refuseLink(target: string, stat: FileStat): void {
  if (!stat.isSymbolicLink()) return
  throw refusal(
    target,
    'EXISTS',
    `is a symbolic link to ${destinationOf(target)}. Choose that itself, or another name.`,
  )
}

function destinationOf(link: string): string {
  try {
    return realpathSync.native(link)
  } catch {
    return 'something that is not there'
  }
}

/** Whether a path, there or not, is a file or folder or lies below it: by identity, whatever the names and links. */
function liesIn(path: string, identity: FileIdentity): boolean {
  let real = path
  for (;;) {
    try {
      real = realpathSync.native(real)
      break
    } catch (error) {
      if (!isErrno(error, 'ENOENT', 'ENOTDIR')) throw ioError(error, path, 'open')
      real = dirname(real)
    }
  }
  for (let at = real; ; at = dirname(at)) {
    const stat = statOf(at)
    if (stat !== undefined && isSameFile(stat, identity)) return true
    if (dirname(at) === at) return false
  }
}

function statOf(path: string): FileStat | undefined {
  try {
    return statIfThere(path)
  } catch {
    // A file that can't be accessed is not the source.
    return undefined
  }
}

function isPackage(path: string): boolean {
  try {
    const fd = insist(() => openSync(path, constants.O_RDONLY | NO_FOLLOW | NO_WAIT))
    try {
      if (!fstatSync(fd).isFile()) return false
      const head = Buffer.alloc(MAGIC.length)
      return readSync(fd, head, 0, head.length, 0) === head.length && head.toString('latin1') === MAGIC
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw ioError(error, path, 'open')
  }
}
