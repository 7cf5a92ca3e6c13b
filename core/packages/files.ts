import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmdirSync,
  type Stats,
  unlinkSync,
} from 'node:fs'
import { isErrno } from '../storage/ioerror.ts'
import { makeFolders } from '../storage/make-folders.ts'
import { writeError } from './write-error.ts'

/** Returns when a file's content, or a folder's names, are on the disk itself. */
export function syncPath(path: string, kind: 'file' | 'folder'): void {
  // Windows syncs no folders, and files only through a descriptor that may write.
  if (kind === 'folder' && process.platform === 'win32') return
  try {
    const fd = openSync(path, kind === 'file' ? 'r+' : 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw writeError(error, path)
  }
}

/** What has a name already, if anything. */
export function whatHas(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })
  } catch (error) {
    throw writeError(error, path)
  }
}

/** Makes a folder and its parents; returns a function that takes away those that it made, as far as they are empty. */
export function makeFolder(path: string): () => void {
  let made: string[]
  try {
    made = makeFolders(path)
  } catch (error) {
    throw writeError(error, path)
  }
  return () => {
    try {
      for (const folder of made.toReversed()) rmdirSync(folder)
    } catch (error) {
      if (!isErrno(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw writeError(error, path)
    }
  }
}

/** Gives a finished file its name. Without `overwrite` a file that took the name meanwhile is not replaced: `EXISTS`. */
export function moveFile(from: string, to: string, overwrite: boolean): void {
  try {
    if (overwrite) renameSync(from, to)
    else linkNew(from, to)
  } catch (error) {
    throw writeError(error, to)
  }
}

function linkNew(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (isErrno(error, 'EEXIST') || existsSync(to)) throw error
    // The file system has no hard links.
    renameSync(from, to)
    return
  }
  unlinkSync(from)
}
