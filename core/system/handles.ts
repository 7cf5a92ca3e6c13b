import { closeSync, constants, openSync, readSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { type FileIdentity, type FileStat, isSameFile, statDescriptor } from './file-stat.ts'
import { insist, Patience } from './insist.ts'
import { ioError, isErrno } from './io-error.ts'
import { NO_WAIT, type OpenedFile, openPlain } from './plain-file.ts'

/** Enough for a screen of arrays, and far below the 256 descriptors that some systems allow a process. */
const MAX_OPEN = 64
/** Files that are idle this long (up to twice) are closed, so that Windows can move or delete them. */
const IDLE_MS = 2000
/** Within this time, all reads together wait about a second at most for locked files, however many these are. */
const PATIENCE_MS = 5000
/** `readSync` takes at most 2^31 - 1 bytes. */
const MAX_READ = 2 ** 30

/** All file descriptors of the engine: opened when needed, bounded in number, closed when idle. */
export class HandlePool {
  readonly #open = new Set<PooledFile>()
  readonly #maxOpen: number
  readonly #idleMs: number
  readonly #patience = new Patience(PATIENCE_MS)
  #transient = 0
  #clock = 0
  #sweepClock = 0
  #timer: NodeJS.Timeout | null = null

  constructor({ maxOpen = MAX_OPEN, idleMs = IDLE_MS }: { maxOpen?: number; idleMs?: number } = {}) {
    this.#maxOpen = maxOpen
    this.#idleMs = idleMs
  }

  get openCount(): number {
    return this.#open.size + this.#transient
  }

  get openPaths(): string[] {
    return Array.from(this.#open, file => file.path)
  }

  tick(): number {
    return ++this.#clock
  }

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

  forget(file: PooledFile): void {
    this.#open.delete(file)
    if (this.#open.size === 0 && this.#timer !== null) {
      clearInterval(this.#timer)
      this.#timer = null
    }
  }

  /** Closes every descriptor and returns how many. Files open again when they are next read. */
  closeAll(): number {
    const files = [...this.#open]
    for (const file of files) file.close()
    return files.length
  }

  /** overlayfs copies a file that is opened for writing. Descriptors from before keep giving the old bytes. */
  closeAt(path: string): void {
    for (const file of this.#open) if (file.path === path) file.close()
  }

  /** Reads a small file, with the stat of exactly what it read. Follows no links. Throws as `readOpened`. */
  readFile(path: string, most: number = LIMITS.wholeFileBytes): { bytes: Uint8Array; stat: FileStat } {
    return this.readOpened(
      this.opening(path, () => openPlain(path, constants.O_RDONLY)),
      path,
      most,
    )
  }

  /** Reads and closes a file. Refuses one of more than `most` bytes (`DAMAGED`) or cuts it off. Throws `IO`. */
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

  /** Opens a path to read it, after closing the pool's files if too many are open. Throws `IO` or `NOT_FOUND`. */
  opening<T>(path: string, open: () => T): T {
    try {
      return this.freeing(() => insist(open, this.#patience))
    } catch (error) {
      throw ioError(error, path, 'open')
    }
  }

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

const openAtOnce = (path: string): number => openSync(path, constants.O_RDONLY | NO_WAIT)

export class PooledFile {
  readonly path: string
  readonly offset = 0
  lastUse = 0
  readonly openPath: () => number
  readonly #pool: HandlePool
  #identity: FileIdentity
  #fd = -1

  /** Another file than `identity` at the path is `CHANGED_ON_DISK`. */
  constructor(pool: HandlePool, path: string, identity: FileIdentity, openPath = () => openAtOnce(path)) {
    this.#pool = pool
    this.path = path
    this.#identity = identity
    this.openPath = openPath
  }

  get identity(): FileIdentity {
    return this.#identity
  }

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

  /** Reads exactly `length` bytes. Throws `CHANGED_ON_DISK` for another or a shorter file, or `IO`. */
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

export function changedOnDisk(path: string, what: string): NumPackError {
  return new NumPackError(
    'CHANGED_ON_DISK',
    `${path} changed on disk while it was open: ${what}. Load the array again.`,
    {
      path,
    },
  )
}

export const handles = new HandlePool()

/** Closes every pooled descriptor, on any system, and returns how many. Arrays stay usable: files open again. */
export const forceCleanupWindowsHandles = (): number => handles.closeAll()
