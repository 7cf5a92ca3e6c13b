import { SYNC_BYTES } from './incremental-sync.ts'
import type { Owner } from './file-access.ts'
import type { FileStat } from './file-stat.ts'
import { OutputFile } from './files.ts'

const BUFFER_BYTES = 1 << 20
/** The others are written while one is filled. */
const BUFFERS = 4

interface OutputBuffer {
  readonly bytes: Uint8Array
  /** Resolves when the buffer is free again. Rejects with the error of its write. */
  written: Promise<void>
}

export type OutputBuffers = readonly OutputBuffer[]

export const newBuffers = (): OutputBuffers =>
  Array.from({ length: BUFFERS }, () => ({ bytes: new Uint8Array(BUFFER_BYTES), written: Promise.resolve() }))

/**
 * A new file that Node's thread pool writes sequentially while this thread makes the next bytes. One call at a time.
 * Every promise also rejects with errors of earlier writes: `NO_SPACE` or `IO`.
 */
export class OutputStream implements AsyncDisposable {
  readonly #file: OutputFile
  readonly #buffers: OutputBuffers
  #turn = 0
  #filled = 0
  #flushed = 0
  #syncedTo = 0
  #syncing: Promise<void> | null = null

  /** Creates a file with mode 0600. `at` is its path for system calls (HeldFolder). Throws if the name is taken. */
  constructor(path: string, buffers = newBuffers(), at = path) {
    this.#buffers = buffers
    for (const buffer of buffers) buffer.written = Promise.resolve()
    this.#file = OutputFile.create(path, 'owner', at)
  }

  get position(): number {
    return this.#flushed + this.#filled
  }

  get stat(): FileStat {
    return this.#file.stat
  }

  /** The caller may change the bytes afterwards. */
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

  async patch(offset: number, bytes: Uint8Array): Promise<void> {
    if (offset >= this.#flushed) {
      this.#buffers[this.#turn]!.bytes.set(bytes, offset - this.#flushed)
      return
    }
    await this.flush()
    await this.#file.writeAside(bytes, offset)
  }

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

  async flush(): Promise<void> {
    if (this.#filled > 0) this.#handOver()
    await this.#settled()
  }

  async finish(mode: number, owner: Owner | null): Promise<void> {
    await this.flush()
    this.#file.setMode(mode, owner)
    await this.#file.syncAside()
  }

  #handOver(): void {
    const buffer = this.#buffers[this.#turn]!
    buffer.written = this.#file.writeAside(buffer.bytes.subarray(0, this.#filled), this.#flushed)
    // Awaited later; until then a rejection must not count as unhandled.
    buffer.written.catch(() => {})
    this.#flushed += this.#filled
    this.#filled = 0
    this.#turn = (this.#turn + 1) % this.#buffers.length
    if (this.#syncing === null && this.#flushed - this.#syncedTo >= SYNC_BYTES) this.#syncEarly()
  }

  /** The system reports a write error once: `#syncing` keeps it for `#settled`. */
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

  /** Does not flush the buffers. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([this.#syncing, ...this.#buffers.map(({ written }) => written)])
    this.#file[Symbol.dispose]()
  }
}
