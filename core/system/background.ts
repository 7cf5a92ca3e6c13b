import { close, constants, fdatasync, openSync } from 'node:fs'
import { NO_FOLLOW, NO_WAIT } from './plain-file.ts'

/**
 * What Node's own threads do with large files while this one goes on. Nobody waits for it, and nothing depends on it.
 * On Linux only: there each descriptor is told of a failed write (errseq), a sync holds up no writer, and a file that
 * is open can lose its name.
 */

/** The disk gets to work after so many bytes, not only at the end. */
export const SYNC_BYTES = 32 * 2 ** 20
/** Or after so many writes: each may be to a block of the disk of its own. */
const SYNC_WRITES = 1000

const ignore = (): void => {}

/** A descriptor to be closed by another thread; null where there can't be one. */
function openAside(path: string, flags: number): number | null {
  if (process.platform !== 'linux') return null
  try {
    return openSync(path, constants.O_RDONLY | NO_WAIT | flags)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}

/**
 * Lets the disk take up a file while more of it is being written: the sync at the end then waits for little. This has a
 * descriptor of its own, because the system tells each descriptor of a failure once, and the writer's has to hear of it.
 */
export class EarlySync implements Disposable {
  readonly #written: number
  #fd: number | null = null
  #unsynced = 0
  #writes = 0

  /** `written`: the writer's descriptor. Opened by it, not by name, which may lead to another file by now. */
  constructor(written: number) {
    this.#written = written
  }

  /** So many bytes more were written. */
  wrote(bytes: number): void {
    this.#unsynced += bytes
    this.#writes++
    if (this.#unsynced < SYNC_BYTES && this.#writes < SYNC_WRITES) return
    this.#unsynced = 0
    this.#writes = 0
    this.#fd ??= openAside(`/proc/self/fd/${this.#written}`, 0)
    if (this.#fd !== null) fdatasync(this.#fd, ignore)
  }

  [Symbol.dispose](): void {
    // It waits in line behind the syncs.
    if (this.#fd !== null) close(this.#fd, ignore)
    this.#fd = null
  }
}

/**
 * Runs `remove`, which takes a file's name away. Its content goes soon afterwards: giving back the blocks of a large
 * file takes the system a while (measured: 50 ms for 256 MB).
 */
export function freeLater(path: string, remove: () => void): void {
  const fd = openAside(path, NO_FOLLOW)
  try {
    remove()
  } finally {
    if (fd !== null) close(fd, ignore)
  }
}
