import { type BigIntStats, constants, fstatSync, lstatSync, statSync } from 'node:fs'

/** Identity of a file: differs from that of any other file that takes its name. */
export interface FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
  /** A new file often gets the inode of one that was just deleted, but not its time of birth. */
  readonly birthtimeNs: bigint
}

/** Identity of a file or folder among those that exist at the same time. Hard links share it. */
export type Inode = Pick<FileIdentity, 'dev' | 'ino'>

/** Stat of a file or folder. Times and inodes are bigints, because numbers would round them. */
export class FileStat implements FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
  readonly birthtimeNs: bigint
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
    this.birthtimeNs = stat.birthtimeNs
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

/** Whether two stats are of the same file, even if it was gone between them. */
export const isSameFile = (a: FileIdentity, b: FileIdentity): boolean =>
  a.ino === b.ino && a.dev === b.dev && a.birthtimeNs === b.birthtimeNs

/** Whether two stats are of the same file or folder, provided that it exists all the time. */
export const isSameInode = (a: Inode, b: Inode): boolean => a.ino === b.ino && a.dev === b.dev

/** Returns an inode as a key for sets and maps. */
export const inodeKey = ({ dev, ino }: Inode): string => `${dev}:${ino}`

/** Returns only the identity, to keep it or to send it to another thread. */
export const identityOf = ({ dev, ino, birthtimeNs }: FileIdentity): FileIdentity => ({ dev, ino, birthtimeNs })

/**
 * Returns a text that differs when a file was replaced or written to, up to the resolution of the file system's clock
 * (some milliseconds). It ignores the ctime, which also changes when someone makes a hard link, as snapshots do.
 */
export const fileState = ({ dev, ino, birthtimeNs, size, mtimeNs }: FileStat): string =>
  `${dev}:${ino}:${birthtimeNs}:${size}:${mtimeNs}`
