import { closeSync, constants, openSync, readSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { type FileIdentity, type FileStat, isSameFile, statDescriptor } from './file-stat.ts'
import { ioError, isErrno } from './io-error.ts'
import { NO_WAIT, type OpenedFile, openPlain } from './plain-file.ts'

/**
 * Maximum number of open files: enough for a screen of arrays, and far below the 256 descriptors that some systems
 * allow a process.
 */
const MAX_OPEN = 64
/** A file that is not read for this long (up to twice as long) is closed, so that Windows can move or delete it. */
const IDLE_MS = 2000
/** `readSync` takes at most 2^31 - 1 bytes. */
const MAX_READ = 2 ** 30

/** All file descriptors of the engine: opened when needed, bounded in number, closed when idle. */
export class HandlePool {
  readonly #open = new Set<PooledFile>()
  readonly #maxOpen: number
  readonly #idleMs: number
  #transient = 0
  #clock = 0
  #sweepClock = 0
  #timer: NodeJS.Timeout | null = null

  constructor({ maxOpen = MAX_OPEN, idleMs = IDLE_MS }: { maxOpen?: number; idleMs?: number } = {}) {
    this.#maxOpen = maxOpen
    this.#idleMs = idleMs
  }

  /** Number of open descriptors. */
  get openCount(): number {
    return this.#open.size + this.#transient
  }

  /** Paths of the open files. */
  get openPaths(): string[] {
    return Array.from(this.#open, file => file.path)
  }

  /** Returns a number that grows with every use, to find the least recently used file. */
  tick(): number {
    return ++this.#clock
  }

  /** Opens a path for reading and counts the descriptor. */
  open(file: PooledFile): number {
    if (this.#open.size >= this.#maxOpen) this.#closeLeastRecentlyUsed()
    const fd = this.opening(file.path, file.openPath)
    this.#open.add(file)
    if (this.#timer === null) {
      this.#timer = setInterval(() => this.#closeIdle(), this.#idleMs)
      this.#timer.unref()
    }
    return fd
  }

  /** Records that a descriptor was closed. */
  forget(file: PooledFile): void {
    this.#open.delete(file)
    if (this.#open.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer)
      this.#timer = null
    }
  }

  /** Closes every descriptor; files open again when they are next read. Returns how many were closed. */
  closeAll(): number {
    const files = [...this.#open]
    for (const file of files) file.close()
    return files.length
  }

  /**
   * Closes the descriptors of a path. overlayfs copies a file when it is opened to be written to; descriptors from before
   * keep giving the old bytes.
   */
  closeAt(path: string): void {
    for (const file of this.#open) if (file.path === path) file.close()
  }

  /** Reads a small file, with the stat of exactly what it read. Does not follow links. Throws as `readOpened`. */
  readFile(path: string, most: number = LIMITS.wholeFileBytes): { bytes: Uint8Array; stat: FileStat } {
    return this.readOpened(
      this.opening(path, () => openPlain(path, constants.O_RDONLY)),
      path,
      most,
    )
  }

  /**
   * Reads a file and closes it. A file of more than `most` bytes is `DAMAGED` before anything is read, or is cut off.
   * Throws `IO`.
   */
  readOpened(
    { fd, stat }: OpenedFile,
    path: string,
    most: number,
    longer: 'refuse' | 'cut' = 'refuse',
  ): { bytes: Uint8Array; stat: FileStat } {
    this.#transient++
    try {
      if (stat.size > most && longer === 'refuse') {
        throw new NumPackError(
          'DAMAGED',
          `${path} has ${stat.size} bytes; at most ${most} are possible. Restore it from a backup.`,
          { path, size: stat.size, limit: most },
        )
      }
      const bytes = new Uint8Array(Math.min(stat.size, most))
      let filled = 0
      while (filled < bytes.length) {
        const count = readSync(fd, bytes, filled, Math.min(bytes.length - filled, MAX_READ), filled)
        if (count === 0) break
        filled += count
      }
      return { bytes: bytes.subarray(0, filled), stat }
    } catch (error) {
      throw ioError(error, path, 'read')
    } finally {
      closeSync(fd)
      this.#transient--
    }
  }

  /** Opens a path. If too many files are open, it first closes those of the pool. Throws `IO` or `NOT_FOUND`. */
  opening<T>(path: string, open: () => T): T {
    try {
      return this.freeing(open)
    } catch (error) {
      throw ioError(error, path, 'open')
    }
  }

  /** As `opening`. Throws system errors. */
  freeing<T>(open: () => T): T {
    try {
      return open()
    } catch (error) {
      if (!isErrno(error, 'EMFILE', 'ENFILE') || this.closeAll() === 0) throw error
      return open()
    }
  }

  #closeIdle(): void {
    for (const file of this.#open) if (file.lastUse <= this.#sweepClock) file.close()
    this.#sweepClock = this.#clock
  }

  #closeLeastRecentlyUsed(): void {
    let oldest: PooledFile | undefined
    for (const file of this.#open) if (oldest === undefined || file.lastUse < oldest.lastUse) oldest = file
    oldest?.close()
  }
}

/** Opens a path for reading, without waiting for the writer of a pipe. */
const openAtOnce = (path: string): number => openSync(path, constants.O_RDONLY | NO_WAIT)

/** A file that is open only while it is used. */
export class PooledFile {
  readonly path: string
  readonly offset = 0
  /** `HandlePool.tick()` of the last read. */
  lastUse = 0
  readonly openPath: () => number
  readonly #pool: HandlePool
  #identity: FileIdentity
  #fd = -1

  /** `identity`: the file at the path; another file there is `CHANGED_ON_DISK`. */
  constructor(pool: HandlePool, path: string, identity: FileIdentity, openPath = () => openAtOnce(path)) {
    this.#pool = pool
    this.path = path
    this.#identity = identity
    this.openPath = openPath
  }

  get identity(): FileIdentity {
    return this.#identity
  }

  /** Stat of the file as it is now. Throws as `read` does. */
  get stat(): FileStat {
    if (this.#fd < 0) this.#open()
    this.lastUse = this.#pool.tick()
    return statDescriptor(this.#fd)
  }

  /** Records that this process replaced the file by one with the same bytes. */
  replacedBy(identity: FileIdentity): void {
    this.close()
    this.#identity = identity
  }

  /**
   * Reads exactly `length` bytes at `position` into `target` from byte `offset`. Throws `CHANGED_ON_DISK` if the path
   * leads to another file now or the file is shorter.
   */
  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    if (this.#fd < 0) this.#open()
    this.lastUse = this.#pool.tick()
    try {
      const count = readSync(this.#fd, target, offset, length < MAX_READ ? length : MAX_READ, position)
      if (count === length) return
      this.#readRest(target, offset, length, position, count)
    } catch (error) {
      throw ioError(error, this.path, 'read')
    }
  }

  /** Closes the descriptor if it is open; the next read opens the file again. */
  close(): void {
    if (this.#fd < 0) return
    const fd = this.#fd
    this.#fd = -1
    this.#pool.forget(this)
    closeSync(fd)
  }

  #open(): void {
    this.#fd = this.#pool.open(this)
    const stat = statDescriptor(this.#fd)
    if (isSameFile(stat, this.#identity)) return
    this.close()
    throw changedOnDisk(this.path, 'it was replaced by another file')
  }

  #readRest(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number, done: number): void {
    let filled = done
    while (filled < length) {
      const count = readSync(this.#fd, target, offset + filled, Math.min(length - filled, MAX_READ), position + filled)
      if (count === 0) throw changedOnDisk(this.path, 'it became shorter')
      filled += count
    }
  }
}

/** Makes the error for an array's file that changed after the array was opened. */
export function changedOnDisk(path: string, what: string): NumPackError {
  return new NumPackError(
    'CHANGED_ON_DISK',
    `${path} changed on disk while it was open: ${what}. Load the array again.`,
    {
      path,
    },
  )
}

/** Pool of the whole process. */
export const handles = new HandlePool()

/** Closes every pooled descriptor, on any system, and returns how many. Arrays stay usable: files open again. */
export const forceCleanupWindowsHandles = (): number => handles.closeAll()
