import { closeSync, constants, openSync, readlinkSync, readSync, realpathSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { type FileIdentity, type FileStat, isSameFile, statDescriptor } from '../system/file-stat.ts'
import { changedOnDisk } from '../system/handles.ts'
import { insist } from '../system/insist.ts'
import { ioError, isErrno } from '../system/io-error.ts'
import { NO_FOLLOW, NO_WAIT } from '../system/plain-file.ts'
import { packageState } from './package-state.ts'

/** Bytes read at a time: fits the processor's cache together with the result, and is one block of zstd. */
export const CHUNK_BYTES = 128 << 10

const OPEN_FLAGS = constants.O_RDONLY | NO_WAIT

/** A file that is read while other programs may write to it. */
export class InputFile implements Disposable {
  readonly path: string
  readonly stat: FileStat
  readonly #fd: number
  #window = new Uint8Array(0)

  /** Throws `NOT_FOUND` or `IO`, and `CHANGED_ON_DISK` for a link or for another file than `expected` if that is given. */
  constructor(path: string, expected?: FileIdentity) {
    this.path = path
    try {
      this.#fd = insist(() => openSync(path, expected === undefined ? OPEN_FLAGS : OPEN_FLAGS | NO_FOLLOW))
    } catch (error) {
      if (expected !== undefined && isErrno(error, 'ELOOP')) throw changedOnDisk(path, 'a link took its place')
      throw ioError(error, path, 'open')
    }
    this.stat = statDescriptor(this.#fd)
    if (expected === undefined || isSameFile(this.stat, expected)) return
    closeSync(this.#fd)
    throw changedOnDisk(path, 'it was replaced by another file')
  }

  /** Differs from the state of the file after any write (package-state.ts). */
  get state(): string {
    return packageState(this.stat)
  }

  /** Throws `CHANGED_ON_DISK` if the file was written to since it was opened: what was read may mix both contents. */
  checkUnchanged(): void {
    if (packageState(statDescriptor(this.#fd)) === this.state) return
    throw changedOnDisk(this.path, 'it was written to')
  }

  /** Absolute path without links. */
  get realPath(): string {
    try {
      return readlinkSync(`/proc/self/fd/${this.#fd}`)
    } catch {
      return realpathSync.native(this.path)
    }
  }

  get size(): number {
    return this.stat.size
  }

  /** Reads up to `length` bytes at `offset`, fewer only at the file's end. The next call overwrites them. */
  readonly window = (offset: number, length: number): Uint8Array => {
    if (this.#window.length < length) this.#window = new Uint8Array(length)
    return this.#window.subarray(0, this.#read(this.#window, length, offset))
  };

  /** Reads `length` bytes from `offset` in chunks, each overwritten by the next. Throws if the file is shorter. */
  *chunks(offset: number, length: number): Generator<Uint8Array> {
    const buffer = new Uint8Array(Math.min(length, CHUNK_BYTES))
    for (let done = 0; done < length; ) {
      const count = this.#read(buffer, Math.min(buffer.length, length - done), offset + done)
      if (count === 0) throw becameShorter(this.path)
      done += count
      yield buffer.subarray(0, count)
    }
  }

  #read(target: Uint8Array, length: number, position: number): number {
    try {
      let filled = 0
      while (filled < length) {
        const count = readSync(this.#fd, target, filled, length - filled, position + filled)
        if (count === 0) break
        filled += count
      }
      return filled
    } catch (error) {
      throw ioError(error, this.path, 'read')
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd)
  }
}

const becameShorter = (path: string): NumPackError =>
  new NumPackError(
    'CHANGED_ON_DISK',
    `${path} became shorter while it was read. Try again when no program writes to it.`,
    {
      path,
    },
  )
