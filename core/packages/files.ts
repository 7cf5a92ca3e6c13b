import { constants, existsSync, rmdirSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { type FileStat, lstatIfThere } from '../system/file-stat.ts'
import { disk, syncNames, tryToRemove } from '../system/files.ts'
import type { HeldFolder } from '../system/held-folder.ts'
import { type Owner, setMode } from '../system/file-access.ts'
import { freeBytes } from '../system/free-space.ts'
import { insist } from '../system/insist.ts'
import { ioError, isErrno, targetError, targetFolderError, writeError } from '../system/io-error.ts'
import { makeFolders } from '../system/make-folders.ts'
import { NO_FOLLOW } from '../system/plain-file.ts'
import { openTrusted } from '../system/trusted-path.ts'
import { withoutSibling } from './temporary.ts'

/** Sets the mode of a new file, and its owner if one is given. Returns when its content is on the disk. */
export function finishFile(path: string, mode: number, owner: Owner | null): void {
  // Windows syncs files only through a writable descriptor.
  withDescriptor(path, constants.O_RDWR | NO_FOLLOW, fd => {
    setMode(fd, mode, owner)
    disk.sync(fd)
  })
}

export function finishFolder({ root, stat }: HeldFolder, mode: number): void {
  if (process.platform === 'win32') return
  withDescriptor(root, constants.O_RDONLY | constants.O_DIRECTORY, fd => {
    // Keep the setgid bit that it inherits from the parent folder.
    setMode(fd, mode | (stat.mode & 0o2000))
    syncNames(fd)
  })
}

function withDescriptor(path: string, flags: number, work: (fd: number) => void): void {
  try {
    const fd = disk.open(path, flags)
    try {
      work(fd)
    } finally {
      disk.close(fd)
    }
  } catch (error) {
    throw writeError(error, path, 'sync')
  }
}

/** Throws `NO_SPACE` if the disk of a folder says that it has less free space than `target` needs. */
export function checkFree(folder: string, target: string, bytes: number): void {
  if (bytes <= (freeBytes(folder) ?? bytes)) return
  throw new NumPackError(
    'NO_SPACE',
    `Can't write ${target}: ${bytes} bytes don't fit on its disk. Free some space or choose another place.`,
    { path: target },
  )
}

export function whatHas(path: string): FileStat | undefined {
  try {
    return lstatIfThere(path)
  } catch (error) {
    if (isErrno(error, 'ENOTDIR')) return undefined
    throw ioError(error, path, 'open')
  }
}

/** Makes a folder and its parents. Returns a function that removes the new ones as far as they are empty. */
function makeTargetFolder(path: string): () => void {
  let made: string[]
  try {
    made = makeFolders(path)
  } catch (error) {
    throw isErrno(error, 'ENOENT') ? ioError(error, path, 'open') : targetError(error, path, 'create')
  }
  return () => {
    try {
      for (const folder of made.toReversed()) rmdirSync(folder)
    } catch (error) {
      if (!isErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw writeError(error, path, 'remove')
    }
  }
}

/** Makes a target's folder and runs `work` with a path that stays in it, wherever its name leads later. */
export async function withTargetFolder(target: string, work: (held: string) => Promise<void>): Promise<void> {
  const folder = dirname(target)
  const removeMade = makeTargetFolder(folder)
  try {
    using parent = openTrusted(folder)
    await parent.workingUntil(() => work(parent.at(basename(target))))
  } catch (error) {
    removeMade()
    throw aboutTarget(error, target)
  }
}

/** Turns an error of a temporary file beside the target into one of the target or its folder. */
function aboutTarget(error: unknown, target: string): unknown {
  if (!(error instanceof NumPackError)) return error
  const { details, message } = error
  const isTemporary = withoutSibling(String(details['path']), target) === target && details['path'] !== target
  if (isTemporary && details['action'] === 'create') return targetFolderError(error.cause, dirname(target))
  const text = withoutSibling(message, target)
  if (text === message) return error
  return new NumPackError(
    error.code,
    text,
    { ...details, path: withoutSibling(String(details['path']), target) },
    error,
  )
}

/** Gives a finished file its name. Without `overwrite`, throws `EXISTS` if the name is taken by now. */
export function moveEntry(from: string, to: string, overwrite: boolean): void {
  try {
    if (overwrite) insist(() => disk.rename(from, to))
    else linkNew(from, to)
  } catch (error) {
    throw targetError(error, to, 'rename')
  }
}

function linkNew(from: string, to: string): void {
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
