import { close, fdatasync } from 'node:fs'
import { openForThreadPool } from './open-for-thread-pool.ts'

/** Bytes written between two syncs, so that the disk starts to work before the end. */
export const SYNC_BYTES = 32 * 2 ** 20
/** Each write may touch another block of the disk. */
const SYNC_WRITES = 1000

const ignore = (): void => {}

/**
 * Syncs a file in the background while it is being written, so that the final sync is short. Linux only. It has its own
 * descriptor because Linux reports a failed write once to each (errseq), and the writer's must receive the report.
 */
export class IncrementalSync implements Disposable {
  readonly #written: number
  #fd: number | null = null
  #unsynced = 0
  #writes = 0

  /** Opens the file through the writer's descriptor: its path may lead to another file by now. */
  constructor(written: number) {
    this.#written = written
  }

  addWrite(bytes: number): void {
    this.#unsynced += bytes
    this.#writes++
    if (this.#unsynced < SYNC_BYTES && this.#writes < SYNC_WRITES) return
    this.#unsynced = 0
    this.#writes = 0
    this.#fd ??= openForThreadPool(`/proc/self/fd/${this.#written}`)
    if (this.#fd !== null) fdatasync(this.#fd, ignore)
  }

  [Symbol.dispose](): void {
    // The thread pool closes it after the pending syncs.
    if (this.#fd !== null) close(this.#fd, ignore)
    this.#fd = null
  }
}
