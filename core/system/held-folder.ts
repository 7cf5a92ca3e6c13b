import { closeSync, constants, existsSync, openSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { isEntryName, leadsOut } from './entry-name.ts'
import {
  type FileStat,
  type Inode,
  isSameInode,
  lstatIfThere,
  lstatPath,
  statDescriptor,
  statPath,
} from './file-stat.ts'
import { atHeld } from './held-stores.ts'
import { ioError, isErrno } from './io-error.ts'
import { NO_FOLLOW } from './plain-file.ts'

/** Whether paths can begin at an open folder. Node has no `openat`; Linux shows what a process has open as links. */
const BEGINS_AT_DESCRIPTORS = process.platform === 'linux' && existsSync('/proc/self/fd')

/**
 * A folder inside a store, held open while it is worked in: whoever else can write to the store may exchange its name for
 * a link meanwhile, and nothing that is done by `at` follows that. Elsewhere than on Linux it is only looked at before.
 */
export class HeldFolder implements Disposable {
  /** As errors call it. */
  readonly path: string
  /** null where the system has no paths that begin at a descriptor. */
  readonly fd: number | null
  /** What it was when it was opened. */
  readonly stat: FileStat
  #isClosed = false

  private constructor(path: string, fd: number | null, stat: FileStat) {
    this.path = path
    this.fd = fd
    this.stat = stat
  }

  /** Opens the folder that a path leads to. Follows links. Throws `NOT_FOUND` or `IO`. */
  static openPath(path: string): HeldFolder {
    try {
      if (!BEGINS_AT_DESCRIPTORS) return new HeldFolder(path, null, statPath(path))
      const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY)
      return new HeldFolder(path, fd, statDescriptor(fd))
    } catch (error) {
      throw ioError(error, path, 'open')
    }
  }

  /**
   * Opens a folder by its name in another one. null where there is none, or something else, a link to a folder too. Throws
   * `PATH_ESCAPE` for a name that is no entry's.
   */
  static open(parent: string | HeldFolder, name: string): HeldFolder | null {
    if (!isEntryName(name)) throw leadsOut(typeof parent === 'string' ? parent : parent.path, name)
    const path = join(typeof parent === 'string' ? parent : parent.path, name)
    const at = typeof parent === 'string' ? atHeld(path) : parent.at(name)
    try {
      if (!BEGINS_AT_DESCRIPTORS) {
        const stat = lstatIfThere(at)
        return stat?.isDirectory() === true ? new HeldFolder(path, null, stat) : null
      }
      const fd = openSync(at, constants.O_RDONLY | constants.O_DIRECTORY | NO_FOLLOW)
      return new HeldFolder(path, fd, statDescriptor(fd))
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return null
      throw ioError(error, path, 'open')
    }
  }

  /**
   * The path of an entry for system calls: of this very folder, whatever its name leads to by now. Throws `PATH_ESCAPE`
   * for a name that is no entry's.
   */
  at(name: string): string {
    if (isEntryName(name)) return this.below(name)
    throw leadsOut(this.path, name)
  }

  /** As `at`, of something further below. Folders between the two are not held, so nothing is removed by such a path. */
  below(relative: string): string {
    return join(this.root, relative)
  }

  /** The path of the folder itself for system calls, as `at`. */
  get root(): string {
    // The descriptor's number may belong to another folder by now.
    if (this.#isClosed) throw new Error(`${this.path} is not held any more`)
    return this.fd === null ? this.path : `/proc/self/fd/${this.fd}`
  }

  /** Its present path, without links. */
  get realPath(): string {
    try {
      return this.fd === null ? realpathSync.native(this.path) : readlinkSync(this.root)
    } catch (error) {
      throw ioError(error, this.path, 'open')
    }
  }

  /** Whether it is the folder that was looked at. */
  is(folder: Inode): boolean {
    return isSameInode(folder, this.stat)
  }

  /** Whether its path leads to it still. */
  get isInPlace(): boolean {
    return this.hasName(this.path)
  }

  /** Whether a path, no link, leads to it. */
  hasName(path: string): boolean {
    try {
      return this.is(lstatPath(path))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return false
    }
  }

  /** Runs work on paths of `at` and `root`; its errors tell of the folder as people know it. */
  working<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw this.#shown(error)
    }
  }

  /** As `working`, until a promise is settled. */
  async workingUntil<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      throw this.#shown(error)
    }
  }

  #shown(error: unknown): unknown {
    if (this.fd === null || !(error instanceof NumPackError)) return error
    const ours = new RegExp(`/proc/self/fd/${this.fd}(?!\\d)`, 'g')
    const shown = (text: string): string => text.replace(ours, () => this.path)
    const details = Object.entries(error.details).map(([key, value]): [string, unknown] => [
      key,
      typeof value === 'string' ? shown(value) : value,
    ])
    const message = shown(error.message)
    const isSame = details.every(([key, value]) => value === error.details[key])
    if (message === error.message && isSame) return error
    return new NumPackError(error.code, message, Object.fromEntries(details), error.cause)
  }

  /** The names in the folder. */
  entries(): string[] {
    return readdirSync(this.root)
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.fd !== null) closeSync(this.fd)
  }
}
