import { type BigIntStats, constants, fstatSync, lstatSync, statSync } from 'node:fs'

/**
 * Identity of a file or folder among those that exist at the same time; hard links share it. The time of birth is no
 * part of it: it changes when overlayfs copies a file up, and is another time where the system refuses `statx`.
 */
export interface FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
}

/** Stat of a file or folder. Times and inodes are bigints, because numbers would round them. */
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

/** Stats a path and follows links. Throws system errors. */
export const statPath = (path: string): FileStat => new FileStat(statSync(path, { bigint: true }))

/** As `statPath`, but does not follow links. */
export const lstatPath = (path: string): FileStat => new FileStat(lstatSync(path, { bigint: true }))

/** As `statPath`; returns undefined if nothing is there. */
export function statIfThere(path: string): FileStat | undefined {
  const stat: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && new FileStat(stat)
}

/** As `lstatPath`; returns undefined if nothing is there. */
export function lstatIfThere(path: string): FileStat | undefined {
  const stat: BigIntStats | undefined = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && new FileStat(stat)
}

/** Stats an open file or folder. */
export const statDescriptor = (fd: number): FileStat => new FileStat(fstatSync(fd, { bigint: true }))

/** Whether two stats are of the same file or folder, provided that it exists all the time. */
export const isSameFile = (a: FileIdentity, b: FileIdentity): boolean => a.ino === b.ino && a.dev === b.dev

/** Returns an identity as a key for sets and maps. */
export const identityKey = ({ dev, ino }: FileIdentity): string => `${dev}:${ino}`

/** Returns only the identity, to keep it or to send it to another thread. */
export const identityOf = ({ dev, ino }: FileIdentity): FileIdentity => ({ dev, ino })

/**
 * Returns a text that differs when a file was replaced or written to, up to the resolution of the file system's clock
 * (some milliseconds). It ignores the ctime, which also changes when someone makes a hard link, as snapshots do.
 */
export const fileState = (stat: FileStat): string => `${identityKey(stat)}:${stat.size}:${stat.mtimeNs}`
