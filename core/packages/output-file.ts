import { closeSync, constants, fdatasync, fsync, ftruncateSync, openSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { SYNC_BYTES } from '../system/background.ts'
import { type FileStat, statDescriptor } from '../system/file-stat.ts'
import { writeError } from '../system/io-error.ts'
import { NO_FOLLOW, PRIVATE_FILE } from '../system/private-folder.ts'
import { setMode } from './permissions.ts'

const BUFFER_BYTES = 1 << 20
/** Buffers that are on their way to the system while the next one is filled. */
const BUFFERS = 4

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW

const writeSoon = promisify(write)
const fsyncSoon = promisify(fsync)
const fdatasyncSoon = promisify(fdatasync)

interface OutputBuffer {
  readonly bytes: Uint8Array
  /** When they may be used again. Rejects with what went wrong. */
  written: Promise<void>
}

/** The memory that files are written through, one after another. */
export type OutputBuffers = readonly OutputBuffer[]

export const newBuffers = (): OutputBuffers =>
  Array.from({ length: BUFFERS }, () => ({ bytes: new Uint8Array(BUFFER_BYTES), written: Promise.resolve() }))

/**
 * A new file written from beginning to end, by other threads while this one makes the next bytes: writing takes as long
 * as much of the rest. Closed by `await using`. Every promise rejects with what became of earlier writes, too: `NO_SPACE`
 * or `IO`. One call at a time.
 */
export class OutputFile implements AsyncDisposable {
  readonly path: string
  readonly #fd: number
  readonly #buffers: OutputBuffers
  /** Which buffer is filled, and how far. */
  #turn = 0
  #filled = 0
  /** Bytes that were handed over. */
  #flushed = 0
  #syncedTo = 0
  #syncing: Promise<void> | null = null

  /**
   * Nobody else may read it for now. `at` is its path for system calls (HeldFolder). Throws when there is anything of this
   * name already.
   */
  constructor(path: string, buffers = newBuffers(), at = path) {
    this.path = path
    this.#buffers = buffers
    for (const buffer of buffers) buffer.written = Promise.resolve()
    try {
      this.#fd = openSync(at, NEW_FILE, PRIVATE_FILE)
    } catch (error) {
      throw writeError(error, path, 'create')
    }
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#flushed + this.#filled
  }

  get stat(): FileStat {
    return statDescriptor(this.#fd)
  }

  /** Takes bytes over, which may change afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const buffer = this.#buffers[this.#turn]!
      if (this.#filled === 0) await buffer.written
      const part = bytes.subarray(at, at + buffer.bytes.length - this.#filled)
      buffer.bytes.set(part, this.#filled)
      this.#filled += part.length
      at += part.length
      if (this.#filled === buffer.bytes.length) this.#handOver()
    }
  }

  /** Overwrites bytes that were written before, all of them. */
  async patch(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset >= this.#flushed) {
      this.#buffers[this.#turn]!.bytes.set(bytes, offset - this.#flushed)
      return
    }
    await this.flush()
    await this.#put(bytes, offset)
  }

  /** Takes back everything from `position` on. */
  async truncate(position: number): Promise<void> {
    if (position >= this.#flushed) {
      this.#filled = position - this.#flushed
      return
    }
    await this.#settled()
    try {
      ftruncateSync(this.#fd, position)
    } catch (error) {
      throw writeError(error, this.path, 'shorten')
    }
    this.#flushed = position
    this.#filled = 0
    this.#syncedTo = Math.min(this.#syncedTo, position)
  }

  /** Resolves when the system has everything. */
  async flush(): Promise<void> {
    if (this.#filled > 0) this.#handOver()
    await this.#settled()
  }

  /** Gives the file its mode; resolves when everything is on the disk itself. */
  async finish(mode: number): Promise<void> {
    await this.flush()
    setMode(this.#fd, mode)
    try {
      await fsyncSoon(this.#fd)
    } catch (error) {
      throw writeError(error, this.path, 'sync')
    }
  }

  #handOver(): void {
    const buffer = this.#buffers[this.#turn]!
    buffer.written = this.#put(buffer.bytes.subarray(0, this.#filled), this.#flushed)
    // It is awaited later; until then a failure must not count as unhandled.
    buffer.written.catch(() => {})
    this.#flushed += this.#filled
    this.#filled = 0
    this.#turn = (this.#turn + 1) % this.#buffers.length
    if (this.#syncing === null && this.#flushed - this.#syncedTo >= SYNC_BYTES) this.#syncEarly()
  }

  /** The system tells of a failure once only: it is kept for `#settled`. */
  #syncEarly(): void {
    this.#syncedTo = this.#flushed
    this.#syncing = this.#datasync()
    this.#syncing.catch(() => {})
  }

  async #datasync(): Promise<void> {
    try {
      await fdatasyncSoon(this.#fd)
    } catch (error) {
      throw writeError(error, this.path, 'sync')
    }
    this.#syncing = null
  }

  async #settled(): Promise<void> {
    await Promise.all([this.#syncing, ...this.#buffers.map(({ written }) => written)])
  }

  async #put(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await writeSoon(this.#fd, bytes, done, bytes.length - done, position + done)).bytesWritten
      }
    } catch (error) {
      throw writeError(error, this.path, 'write')
    }
  }

  /** Closes the file, once nothing is under way any more; without what is in a buffer only. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#syncing, ...this.#buffers.map(({ written }) => written)])
    closeSync(this.#fd)
  }
}
