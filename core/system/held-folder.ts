import { closeSync, constants, existsSync, openSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import { isEntryName, leadsOut } from './entry-name.ts'
import {
  type FileStat,
  type FileIdentity,
  isSameFile,
  lstatIfThere,
  lstatPath,
  statDescriptor,
  statPath,
} from './file-stat.ts'
import { atHeld } from './held-stores.ts'
import { ioError, isErrno } from './io-error.ts'
import { NO_FOLLOW } from './plain-file.ts'

/**
 * Whether a path can start at an open folder. Node has no `openat`, but Linux shows a process's descriptors as links.
 */
const BEGINS_AT_DESCRIPTORS = process.platform === 'linux' && existsSync('/proc/self/fd')

/**
 * A folder that is held open while the engine works in it. Another user who can write to the store may exchange its
 * name for a link; system calls at paths from `at` do not follow that link. On other systems than Linux it is only
 * checked before.
 */
export class HeldFolder implements Disposable {
  /** Path in errors. */
  readonly path: string
  /** null if the system has no paths that start at a descriptor. */
  readonly fd: number | null
  /** Stat at the time of opening. */
  readonly stat: FileStat
  #isClosed = false

  private constructor(path: string, fd: number | null, stat: FileStat) {
    this.path = path
    this.fd = fd
    this.stat = stat
  }

  /** Opens the folder at a path. Follows links. Throws `NOT_FOUND` or `IO`. */
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
   * Opens a folder by its name in another one. Returns null if there is none or something else, such as a link to a
   * folder. Throws `PATH_ESCAPE` unless `name` is the name of an entry.
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
   * Returns the path of an entry for system calls: in this very folder, wherever its name leads now. Throws
   * `PATH_ESCAPE` unless `name` is the name of an entry.
   */
  at(name: string): string {
    if (isEntryName(name)) return this.below(name)
    throw leadsOut(this.path, name)
  }

  /**
   * As `at`, for a path several levels down. The folders in between are not held, so never remove anything at such a
   * path.
   */
  below(relative: string): string {
    return join(this.root, relative)
  }

  /** Path of the folder itself for system calls. */
  get root(): string {
    // The descriptor's number may be in use for another folder by now.
    if (this.#isClosed) throw new Error(`${this.path} is not held any more`)
    return this.fd === null ? this.path : `/proc/self/fd/${this.fd}`
  }

  /** Returns the folder's present path, without links. */
  get realPath(): string {
    try {
      return this.fd === null ? realpathSync.native(this.path) : readlinkSync(this.root)
    } catch (error) {
      throw ioError(error, this.path, 'open')
    }
  }

  /** Whether it is the folder of this identity. */
  is(folder: FileIdentity): boolean {
    return isSameFile(folder, this.stat)
  }

  /** Whether its path still leads to it. */
  get isInPlace(): boolean {
    return this.hasName(this.path)
  }

  /** Whether a path leads to it without a link at its end. */
  hasName(path: string): boolean {
    try {
      return this.is(lstatPath(path))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      return false
    }
  }

  /** Runs work on paths from `at` and `root`. Errors name the folder by its usual path. */
  working<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw this.#shown(error)
    }
  }

  /** As `working`, for asynchronous work. */
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

  /** Lists the names in the folder. */
  entries(): string[] {
    return readdirSync(this.root)
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.fd !== null) closeSync(this.fd)
  }
}
