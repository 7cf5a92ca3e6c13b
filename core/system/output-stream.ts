import { SYNC_BYTES } from './incremental-sync.ts'
import type { FileStat } from './file-stat.ts'
import { OutputFile } from './files.ts'

const BUFFER_BYTES = 1 << 20
/** Buffers that are on their way to the system while the next one is filled. */
const BUFFERS = 4

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
export class OutputStream implements AsyncDisposable {
  readonly #file: OutputFile
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
    this.#buffers = buffers
    for (const buffer of buffers) buffer.written = Promise.resolve()
    this.#file = OutputFile.create(path, 'owner', at)
  }

  /** Bytes written so far. */
  get position(): number {
    return this.#flushed + this.#filled
  }

  get stat(): FileStat {
    return this.#file.stat
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
    await this.#file.writeAside(bytes, offset)
  }

  /** Takes back everything from `position` on. */
  async truncate(position: number): Promise<void> {
    if (position >= this.#flushed) {
      this.#filled = position - this.#flushed
      return
    }
    await this.#settled()
    this.#file.resize(position)
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
    this.#file.setMode(mode)
    await this.#file.syncAside()
  }

  #handOver(): void {
    const buffer = this.#buffers[this.#turn]!
    buffer.written = this.#file.writeAside(buffer.bytes.subarray(0, this.#filled), this.#flushed)
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
    await this.#file.syncDataAside()
    this.#syncing = null
  }

  async #settled(): Promise<void> {
    await Promise.all([this.#syncing, ...this.#buffers.map(({ written }) => written)])
  }

  /** Closes the file, once nothing is under way any more; without what is in a buffer only. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#syncing, ...this.#buffers.map(({ written }) => written)])
    this.#file[Symbol.dispose]()
  }
}
