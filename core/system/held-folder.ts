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

/** Node has no `openat`, but Linux shows a process's descriptors as links. */
const BEGINS_AT_DESCRIPTORS = process.platform === 'linux' && existsSync('/proc/self/fd')

/**
 * A folder held open while the engine works in it. System calls at paths from `at` stay in it even if another user
 * exchanges its name for a link. Outside Linux it is only checked before.
 */
export class HeldFolder implements Disposable {
  readonly path: string
  /** null except on Linux. */
  readonly fd: number | null
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

  /** Opens a folder in another one. Returns null if that is missing, a file or a link. Throws `PATH_ESCAPE` or `IO`. */
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

  /** Returns the path of an entry for system calls. Throws `PATH_ESCAPE` for a name that leads elsewhere. */
  at(name: string): string {
    if (isEntryName(name)) return this.below(name)
    throw leadsOut(this.path, name)
  }

  /** As `at`, several levels down. The folders in between are not held: never remove anything at such a path. */
  below(relative: string): string {
    return join(this.root, relative)
  }

  get root(): string {
    // The descriptor's number may be in use for another folder by now.
    if (this.#isClosed) throw new Error(`${this.path} is not held any more`)
    return this.fd === null ? this.path : `/proc/self/fd/${this.fd}`
  }

  /** Without links. */
  get realPath(): string {
    try {
      return this.fd === null ? realpathSync.native(this.path) : readlinkSync(this.root)
    } catch (error) {
      throw ioError(error, this.path, 'open')
    }
  }

  is(folder: FileIdentity): boolean {
    return isSameFile(folder, this.stat)
  }

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

  entries(): string[] {
    return readdirSync(this.root)
  }

  [Symbol.dispose](): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.fd !== null) closeSync(this.fd)
  }
}
