import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, write, writeSync } from 'node:fs'
import { CHUNK_BYTES } from './input-file.ts'
import { promisify } from 'node:util'
import { writeError } from './write-error.ts'

const BUFFER_BYTES = CHUNK_BYTES
/** Buffers that are on their way to the system while the next one is filled. */
const BUFFERS_UNDER_WAY = 4
/** The disk gets to work after so many bytes, not only at the end. */
const SYNC_BYTES = 64 << 20

const writeSoon = promisify(write)

/** A new file written from beginning to end through a buffer; closed by `using`. */
export class OutputFile implements Disposable {
  readonly path: string
  readonly #fd: number
  readonly #buffer: Uint8Array
  #filled = 0
  #flushed = 0

  /** Throws when there is a file of this name already. */
  constructor(path: string, buffer = new Uint8Array(BUFFER_BYTES)) {
    this.path = path
    this.#buffer = buffer
    try {
      this.#fd = openSync(path, 'wx')
    } catch (error) {
      throw writeError(error, path)
    }
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#flushed + this.#filled
  }

  write(bytes: Uint8Array): void {
    if (bytes.length > this.#buffer.length - this.#filled) this.flush()
    if (bytes.length >= this.#buffer.length) {
      this.#put(bytes, this.#flushed)
      this.#flushed += bytes.length
      return
    }
    this.#buffer.set(bytes, this.#filled)
    this.#filled += bytes.length
  }

  /**
   * Writes all `chunks`, of up to CHUNK_BYTES each, in other threads while this one makes the next: for plain copies, where
   * writing takes as long as all the rest.
   */
  async writeAll(chunks: Iterable<Uint8Array>): Promise<void> {
    this.flush()
    const slots = Array.from({ length: BUFFERS_UNDER_WAY }, () => ({
      buffer: new Uint8Array(BUFFER_BYTES),
      written: Promise.resolve(),
    }))
    let turn = 0
    let synced = this.#flushed
    try {
      for (const chunk of chunks) {
        const slot = slots[turn++ % BUFFERS_UNDER_WAY]!
        await slot.written
        slot.buffer.set(chunk)
        slot.written = this.#putSoon(slot.buffer.subarray(0, chunk.length), this.#flushed)
        // It is awaited later; until then a failure must not count as unhandled.
        slot.written.catch(() => {})
        this.#flushed += chunk.length
        if (this.#flushed - synced >= SYNC_BYTES) {
          synced = this.#flushed
          // Only a beginning: sync() waits for everything and tells what failed.
          fdatasync(this.#fd, () => {})
        }
      }
    } finally {
      await Promise.allSettled(slots.map(slot => slot.written))
    }
    await Promise.all(slots.map(slot => slot.written))
  }

  /** Overwrites bytes that were written before, all of them. */
  patch(offset: number, bytes: Uint8Array): void {
    if (offset >= this.#flushed) {
      this.#buffer.set(bytes, offset - this.#flushed)
      return
    }
    this.flush()
    this.#put(bytes, offset)
  }

  /** Takes back everything from `position` on. */
  truncate(position: number): void {
    if (position >= this.#flushed) {
      this.#filled = position - this.#flushed
      return
    }
    try {
      ftruncateSync(this.#fd, position)
    } catch (error) {
      throw writeError(error, this.path)
    }
    this.#flushed = position
    this.#filled = 0
  }

  /** Hands what is buffered to the system. */
  flush(): void {
    const bytes = this.#buffer.subarray(0, this.#filled)
    this.#put(bytes, this.#flushed)
    this.#flushed += bytes.length
    this.#filled = 0
  }

  /** Returns when everything is on the disk itself. */
  sync(): void {
    this.flush()
    try {
      fsyncSync(this.#fd)
    } catch (error) {
      throw writeError(error, this.path)
    }
  }

  async #putSoon(bytes: Uint8Array, position: number): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await writeSoon(this.#fd, bytes, done, bytes.length - done, position + done)).bytesWritten
      }
    } catch (error) {
      throw writeError(error, this.path)
    }
  }

  #put(bytes: Uint8Array, position: number): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#fd, bytes, done, bytes.length - done, position + done)
      }
    } catch (error) {
      throw writeError(error, this.path)
    }
  }

  /** Closes the file without handing over what is buffered. */
  [Symbol.dispose](): void {
    closeSync(this.#fd)
  }
}
