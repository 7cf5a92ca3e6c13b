import { constants, existsSync, rmdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { type FileStat, lstatIfThere } from '../system/file-stat.ts'
import { disk, syncNames, tryToRemove } from '../system/files.ts'
import type { HeldFolder } from '../system/held-folder.ts'
import { type Owner, setMode } from '../system/file-access.ts'
import { freeBytes } from '../system/free-space.ts'
import { insist } from '../system/insist.ts'
import { doing, ioError, isErrno, targetError, targetFolderError, writeError } from '../system/io-error.ts'
import { makeFolders } from '../system/make-folders.ts'
import { NO_FOLLOW } from '../system/plain-file.ts'
import { openTrusted } from '../system/trusted-path.ts'
import { withoutSibling } from './temporary.ts'

const SETGID = 0o2000

/** Sets the mode and, if given, the owner of a new file, and syncs its content. Throws `NO_SPACE` or `IO`. */
export function finishFile(path: string, mode: number, owner: Owner | null): void {
  // Windows syncs files only through a writable descriptor.
  withDescriptor(path, constants.O_RDWR | NO_FOLLOW, fd => {
    doing('write', path, () => setMode(fd, mode, owner))
    doing('sync', path, () => disk.sync(fd))
  })
}

/** Sets the mode of a new folder and syncs its names. Does nothing on Windows. Throws `NO_SPACE` or `IO`. */
export function finishFolder({ root, stat }: HeldFolder, mode: number): void {
  if (process.platform === 'win32') return
  withDescriptor(root, constants.O_RDONLY | constants.O_DIRECTORY, fd => {
    // The folder inherits the setgid bit from its parent.
    doing('write', root, () => setMode(fd, mode | (stat.mode & SETGID)))
    doing('sync', root, () => syncNames(fd))
  })
}

function withDescriptor(path: string, flags: number, work: (fd: number) => void): void {
  const fd = doing('open', path, () => insist(() => disk.open(path, flags)))
  try {
    work(fd)
  } finally {
    doing('write', path, () => disk.close(fd))
  }
}

/** Throws `NO_SPACE` if a folder's disk has less free space than `target` needs. Many network disks don't tell theirs. */
export function checkFreeSpace(folder: string, target: string, bytes: number): void {
  const free = freeBytes(folder)
  if (free === null || bytes <= free) return
  throw new NumPackError(
    'NO_SPACE',
    `Can't write ${target}: ${bytes} bytes don't fit on its disk. Free some space or choose another place.`,
    { path: target },
  )
}

/** Returns the stat of what a path names, of a link itself; undefined if nothing is there. Throws `IO`. */
export function lookUpNoFollow(path: string): FileStat | undefined {
  try {
    return lstatIfThere(path)
  } catch (error) {
    if (isErrno(error, 'ENOTDIR')) return undefined
    throw ioError(error, path, 'open')
  }
}

/**
 * Runs `work` with a path of the target that stays in its folder even if that is moved or replaced meanwhile. Makes the
 * folder and its parents if they are missing, and removes these again if `work` fails. Errors name the target, not its
 * temporary sibling.
 */
export async function withTargetFolder(target: string, work: (held: string) => Promise<void>): Promise<void> {
  const folder = dirname(target)
  const removeNewFolders = makeTargetFolder(folder)
  try {
    using parent = openTrusted(folder)
    await parent.workingUntil(() => work(parent.at(basename(target))))
  } catch (error) {
    removeNewFolders()
    throw nameTarget(error, target)
  }
}

/** Makes a folder and its parents. Returns a function that removes those that it made, up to the first with files. */
function makeTargetFolder(path: string): () => void {
  let made: string[]
  try {
    made = makeFolders(path)
  } catch (error) {
    throw isErrno(error, 'ENOENT') ? ioError(error, path, 'open') : targetError(error, path, 'create')
  }
  return () => {
    try {
      for (const folder of made.toReversed()) insist(() => rmdirSync(folder))
    } catch (error) {
      if (!isErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw writeError(error, path, 'remove')
    }
  }
}

/** Returns an error about the temporary file beside a target as one about the target or its folder; others unchanged. */
function nameTarget(error: unknown, target: string): unknown {
  if (!(error instanceof NumPackError)) return error
  const { code, details, message } = error
  const path = typeof details['path'] === 'string' ? details['path'] : null
  const pathOfTarget = path && withoutSibling(path, target)
  const isTemporary = pathOfTarget === target && path !== target
  if (isTemporary && details['action'] === 'create') return targetFolderError(error.cause, dirname(target))
  const text = withoutSibling(message, target)
  if (text === message) return error
  return new NumPackError(code, text, path === null ? details : { ...details, path: pathOfTarget }, error)
}

/** Gives a finished file or folder its name. Without `overwrite` (files only), throws `EXISTS` if the name is taken. */
export function moveIntoPlace(from: string, to: string, overwrite: boolean): void {
  try {
    if (overwrite) insist(() => disk.rename(from, to))
    else renameIfFree(from, to)
  } catch (error) {
    throw targetError(error, to, 'rename')
  }
}

/** Renames a file through a hard link, because a rename replaces a file that another program has put there. */
function renameIfFree(from: string, to: string): void {
  try {
    disk.link(from, to)
  } catch (error) {
    if (isErrno(error, 'EEXIST') || existsSync(to)) throw error
    // The file system has no hard links.
    insist(() => disk.rename(from, to))
    return
  }
  // The target is complete: if its temporary name can't be removed now, the next cleanup removes it.
  tryToRemove(from)
}
