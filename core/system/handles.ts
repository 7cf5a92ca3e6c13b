import { closeSync, constants, openSync, readSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { type FileIdentity, type FileStat, isSameFile, statDescriptor } from './file-stat.ts'
import { ioError, isErrno } from './io-error.ts'
import { NO_WAIT, type OpenedFile, openPlain } from './plain-file.ts'

/** Enough for a screenful of arrays; far below the 256 descriptors that some systems allow a process. */
const MAX_OPEN = 64
/** A file that nobody read for this long (up to twice as long) is closed, so that it can be moved or deleted on Windows. */
const IDLE_MS = 2000
/** `readSync` takes at most 2^31 - 1 bytes. */
const MAX_READ = 2 ** 30

/** Every file descriptor of the engine: opened when needed, counted, bounded in number, closed when idle. */
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

  /** How many descriptors are open now. */
  get openCount(): number {
    return this.#open.size + this.#transient
  }

  /** Paths of the files that are open to be read. */
  get openPaths(): string[] {
    return Array.from(this.#open, file => file.path)
  }

  /** A number that grows with every use, for finding the file that nobody used for longest. */
  tick(): number {
    return ++this.#clock
  }

  /** Opens a path for reading and keeps count of it. */
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

  /** The descriptor of a file was closed. */
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

  /** Reads a whole small file, with the stat of exactly what was read; a link is not followed. Throws as `readOpened`. */
  readFile(path: string, most: number = LIMITS.wholeFileBytes): { bytes: Uint8Array; stat: FileStat } {
    return this.readOpened(
      this.opening(path, () => openPlain(path, constants.O_RDONLY)),
      path,
      most,
    )
  }

  /** Reads a file and closes it. What is longer than `most` bytes is `DAMAGED` before anything is read, or cut off. Throws `IO`. */
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

  /** Opens something at a path; where too many files are open, after those of the pool were closed. Throws `IO` or `NOT_FOUND`. */
  opening<T>(path: string, open: () => T): T {
    try {
      return open()
    } catch (error) {
      if (!isErrno(error, 'EMFILE', 'ENFILE') || this.closeAll() === 0) throw ioError(error, path, 'open')
      try {
        return open()
      } catch (again) {
        throw ioError(again, path, 'open')
      }
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

/** Opens a path for reading; a pipe is not waited for. */
const openAtOnce = (path: string): number => openSync(path, constants.O_RDONLY | NO_WAIT)

/** A file that is open only while it is being used. */
export class PooledFile {
  readonly path: string
  /** All of the file. */
  readonly offset = 0
  /** `HandlePool.tick()` of the last read. */
  lastUse = 0
  /** Opens the path for reading. */
  readonly openPath: () => number
  readonly #pool: HandlePool
  #identity: FileIdentity
  #fd = -1

  /** `identity`: the file that the path is known to lead to; another one there is `CHANGED_ON_DISK`. */
  constructor(pool: HandlePool, path: string, identity: FileIdentity, openPath = () => openAtOnce(path)) {
    this.#pool = pool
    this.path = path
    this.#identity = identity
    this.openPath = openPath
  }

  get identity(): FileIdentity {
    return this.#identity
  }

  /** Of the file as it is now. Throws as `read` does. */
  get stat(): FileStat {
    if (this.#fd < 0) this.#open()
    this.lastUse = this.#pool.tick()
    return statDescriptor(this.#fd)
  }

  /** This process has put a file with the same bytes in its place. */
  replacedBy(identity: FileIdentity): void {
    this.close()
    this.#identity = identity
  }

  /**
   * Reads exactly `length` bytes at `position` into `target` from byte `offset`.
   * Throws `CHANGED_ON_DISK` when the path leads to another file now or the file ends before.
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

/** An array's file is no longer what it was when the array was opened. */
export function changedOnDisk(path: string, what: string): NumPackError {
  return new NumPackError(
    'CHANGED_ON_DISK',
    `${path} changed on disk while it was open: ${what}. Load the array again.`,
    {
      path,
    },
  )
}

/** The process's one pool. */
export const handles = new HandlePool()

/** Closes every pooled descriptor, on any system, and says how many they were. Arrays stay usable: files open again. */
export const forceCleanupWindowsHandles = (): number => handles.closeAll()
