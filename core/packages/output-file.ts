import { closeSync, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { writeError } from './write-error.ts'

const BUFFER_BYTES = 1 << 20

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
