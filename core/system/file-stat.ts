import { type BigIntStats, constants, fstatSync, lstatSync, statSync } from 'node:fs'

/** What tells one file from another that took its name. */
export interface FileIdentity {
  readonly dev: bigint
  readonly ino: bigint
  /** A new file often gets the inode of one that was just deleted, but not its time of birth. */
  readonly birthtimeNs: bigint
}

/** What tells a file or folder from any other that exists at the same time: two names of one file have it in common. */
export type Inode = Pick<FileIdentity, 'dev' | 'ino'>

/** A file or folder at the time of a look at it. Times and inodes are exact, as numbers they would be rounded. */
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

/** Looks at a path, or at what a link there leads to. Throws system errors. */
export const statPath = (path: string): FileStat => new FileStat(statSync(path, { bigint: true }))

/** As `statPath`, of a link itself. */
export const lstatPath = (path: string): FileStat => new FileStat(lstatSync(path, { bigint: true }))

/** As `statPath`; undefined where nothing is. */
export function statIfThere(path: string): FileStat | undefined {
  const stat: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && new FileStat(stat)
}

/** As `lstatPath`; undefined where nothing is. */
export function lstatIfThere(path: string): FileStat | undefined {
  const stat: BigIntStats | undefined = lstatSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && new FileStat(stat)
}

/** Looks at an open file or folder. */
export const statDescriptor = (fd: number): FileStat => new FileStat(fstatSync(fd, { bigint: true }))

/** Whether two looks were at the same file, also when it was gone for a while between them. */
export const isSameFile = (a: FileIdentity, b: FileIdentity): boolean =>
  a.ino === b.ino && a.dev === b.dev && a.birthtimeNs === b.birthtimeNs

/** Whether two names lead to the same file or folder, which is there all the time. */
export const isSameInode = (a: Inode, b: Inode): boolean => a.ino === b.ino && a.dev === b.dev

/** An inode as text, to be looked up in sets and maps. */
export const inodeKey = ({ dev, ino }: Inode): string => `${dev}:${ino}`

/** The identity alone, to be sent to another thread or kept. */
export const identityOf = ({ dev, ino, birthtimeNs }: FileIdentity): FileIdentity => ({ dev, ino, birthtimeNs })

/**
 * Differs when a file was replaced or written to, to the tick of the file system's clock (some milliseconds). Without the
 * ctime, which also changes when somebody makes a hard link to the file, as snapshots do.
 */
export const fileState = ({ dev, ino, birthtimeNs, size, mtimeNs }: FileStat): string =>
  `${dev}:${ino}:${birthtimeNs}:${size}:${mtimeNs}`
