import { type BigIntStats, constants, fstatSync, lstatSync, statSync } from 'node:fs'
import { ioError } from './io-error.ts'

/** Without the birth time: overlayfs changes it on copy-up, and it differs where the system refuses `statx`. */
export interface FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
}

/** Times and inodes are bigints, because numbers would round them. */
export class FileStat implements FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
  readonly mtimeNs: bigint
  readonly ctimeNs: bigint
  readonly size: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly nlink: number

  constructor(stat: BigIntStats) {
    this.dev = stat.dev
    this.ino = stat.ino
    this.mtimeNs = stat.mtimeNs
    this.ctimeNs = stat.ctimeNs
    this.size = Number(stat.size)
    this.mode = Number(stat.mode)
    this.uid = Number(stat.uid)
    this.gid = Number(stat.gid)
    this.nlink = Number(stat.nlink)
  }

  isFile(): boolean {
    return this.#isOfType(constants.S_IFREG)
  }

  isDirectory(): boolean {
    return this.#isOfType(constants.S_IFDIR)
  }

  isSymbolicLink(): boolean {
    return this.#isOfType(constants.S_IFLNK)
  }

  #isOfType(type: number): boolean {
    return (this.mode & constants.S_IFMT) === type
  }
}

export const statPath = (path: string): FileStat => new FileStat(statSync(path, { bigint: true }))

export const lstatPath = (path: string): FileStat => new FileStat(lstatSync(path, { bigint: true }))

/** Returns undefined if nothing is there. Throws `IO`. */
export function statIfThere(path: string): FileStat | undefined {
  try {
    const stat: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false })
    return stat && new FileStat(stat)
  } catch (error) {
    throw ioError(error, path, 'open')
  }
}

/** As `statIfThere`, of a link itself. Throws system errors, whose codes callers look at. */
export function lstatIfThere(path: string): FileStat | undefined {
  const stat: BigIntStats | undefined = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && new FileStat(stat)
}

export const statDescriptor = (fd: number): FileStat => new FileStat(fstatSync(fd, { bigint: true }))

/** Valid only while both exist: the system reuses inodes. */
export const isSameFile = (a: FileIdentity, b: FileIdentity): boolean => a.ino === b.ino && a.dev === b.dev

export const identityKey = ({ dev, ino }: FileIdentity): string => `${dev}:${ino}`

export const identityOf = ({ dev, ino }: FileIdentity): FileIdentity => ({ dev, ino })

/** Differs when a file was replaced or written to. Ignores the ctime, which a hard link (of a snapshot) changes. */
export const fileState = (stat: FileStat): string => `${identityKey(stat)}:${stat.size}:${stat.mtimeNs}`
