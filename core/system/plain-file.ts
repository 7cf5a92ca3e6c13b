import { closeSync, constants, lstatSync, openSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { type FileStat, statDescriptor } from './file-stat.ts'
import { isErrno } from './io-error.ts'

/** Open flag: a link at the end is `ELOOP`. Windows lacks it; there only administrators make links by default. */
export const NO_FOLLOW = constants.O_NOFOLLOW ?? 0

/** Open flag: doesn't wait for a pipe or a device. Windows lacks it. */
export const NO_WAIT = constants.O_NONBLOCK ?? 0

/** Open flags: makes a file and never opens one that is there. */
export const NEW_FILE = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW

export interface OpenedFile {
  readonly fd: number
  readonly stat: FileStat
}

/**
 * Opens a store's existing file, which may come from someone else: a link is `PATH_ESCAPE`; a folder, pipe or device is
 * `DAMAGED` without waiting. `shown` is the path in errors. Throws system errors otherwise.
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

/** As `openPlain`, for a file that a user named: follows links. Others may exchange it at any moment. */
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
