import { closeSync, constants, lstatSync, openSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { type FileStat, statDescriptor } from './file-stat.ts'
import { isErrno } from './io-error.ts'

/**
 * Open flag: a symbolic link as the last part of the path is an error (`ELOOP`) instead of being followed. Windows has no
 * such flag, and only administrators make links there by default.
 */
export const NO_FOLLOW = constants.O_NOFOLLOW ?? 0

/** Open flag: a pipe or a device is not waited for. Windows has no such flag. */
export const NO_WAIT = constants.O_NONBLOCK ?? 0

/** An open file and its stat. */
export interface OpenedFile {
  readonly fd: number
  readonly stat: FileStat
}

/**
 * Opens an existing plain file of a store. Its content may come from someone else, so a link is not followed
 * (`PATH_ESCAPE`), and a folder, pipe or device is `DAMAGED` without waiting. `shown` is the path in errors. Throws
 * system errors otherwise.
 */
export function openPlain(
  path: string,
  flags: number,
  shown = path,
  open: (path: string, flags: number) => number = openSync,
): OpenedFile {
  if (NO_FOLLOW === 0 && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) throw isLink(shown)
  return checkedPlain(
    openWith(() => open(path, flags | NO_FOLLOW | NO_WAIT), shown),
    shown,
  )
}

/**
 * Opens for reading a plain file that a user named; follows links. Another user can exchange it at any moment, so a
 * folder, pipe or device is `DAMAGED` without waiting. Throws system errors otherwise.
 */
export const openNamed = (path: string): OpenedFile =>
  checkedPlain(
    openWith(() => openSync(path, constants.O_RDONLY | NO_WAIT), path),
    path,
  )

function checkedPlain(fd: number, shown: string): OpenedFile {
  try {
    const stat = statDescriptor(fd)
    if (stat.isFile()) return { fd, stat }
    throw isNoFile(shown)
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function openWith(open: () => number, shown: string): number {
  try {
    return open()
  } catch (error) {
    if (isErrno(error, 'ELOOP', 'EMLINK')) throw isLink(shown)
    if (isErrno(error, 'ENXIO', 'EISDIR', 'ENODEV')) throw isNoFile(shown)
    throw error
  }
}

/** Makes the error for a link where a store must have its own file or folder. */
export const isLink = (path: string): NumPackError =>
  new NumPackError(
    'PATH_ESCAPE',
    `${path} is a symbolic link. Links inside a store are not followed: put what it leads to in its place, or remove it.`,
    { path },
  )

const isNoFile = (path: string): NumPackError =>
  new NumPackError(
    'DAMAGED',
    `${path} is no file, but a folder, a pipe or a device. Remove it or put the file there.`,
    {
      path,
    },
  )
