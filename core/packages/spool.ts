import { closeSync, ftruncateSync, fstatSync, mkdirSync, openSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import type { PackageEntry } from '../format/npkg.ts'
import type { FileIdentity } from '../storage/handles.ts'
import { ioError } from '../storage/ioerror.ts'
import type { ReadableFile } from '../storage/source.ts'
import { startJob } from './run-job.ts'
import { isSpoolEnded, newSpoolState, type SpoolState, spooledBytes, waitForSpool } from './spool-state.ts'
import { clearLeftovers, siblingOf } from './temporary.ts'
import { noSpace, writeError } from './write-error.ts'
import type { ZstdBackend } from './zstd.ts'

/** The name that the spools' folders are made of, as a target has. */
const FOLDER_NAME = 'numpack-packages'

/** The package whose entries are spooled. */
export interface SpooledPackage {
  readonly path: string
  /** `InputFile.identity` */
  readonly identity: string
  readonly zstd: ZstdBackend | undefined
}

/** Decompressed entries of one open package, in a folder of their own that goes when the package is closed. */
export class SpoolFolder implements Disposable {
  readonly #source: SpooledPackage
  readonly #cacheFolder: string
  readonly #limit: number
  #folder: string | null = null
  readonly #files = new Set<SpoolFile>()
  #count = 0
  readonly #removeAtExit = (): void => this[Symbol.dispose]()

  /** `limit`: bytes that the spools of this package may take together. */
  constructor(source: SpooledPackage, cacheFolder: string, limit: number) {
    this.#source = source
    this.#cacheFolder = cacheFolder
    this.#limit = limit
  }

  /** A file that decompresses its entry from its first use on. */
  file(entry: PackageEntry): SpoolFile {
    return new SpoolFile(entry, this)
  }

  /**
   * Starts decompressing an entry. Spools that were not used for longest make room. Throws `NO_SPACE` for an entry
   * that is larger than all spools may be.
   */
  start(file: SpoolFile): StartedSpool {
    const { entry } = file
    if (entry.originalSize > this.#limit) {
      throw new NumPackError(
        'NO_SPACE',
        `entry '${entry.name}' of ${this.#source.path} has ${entry.originalSize} bytes, more than are decompressed for looking at (${this.#limit}). Unpack the package instead.`,
        { path: this.#source.path, entry: entry.name },
      )
    }
    this.#makeRoom(entry.originalSize)
    const path = join(this.#openFolder(), `${this.#count++}.spool`)
    const fd = newFile(path, entry.originalSize)
    this.#files.add(file)
    const state = newSpoolState()
    const { problem: _, ...plain } = entry
    const { worker, cancel } = startJob({
      kind: 'spool',
      source: this.#source.path,
      identity: this.#source.identity,
      entry: plain,
      path,
      state,
      zstd: this.#source.zstd,
    })
    worker.unref()
    worker.on('error', () => {})
    return { path, fd, state, cancel }
  }

  forget(file: SpoolFile): void {
    this.#files.delete(file)
  }

  #makeRoom(bytes: number): void {
    let used = bytes
    for (const file of this.#files) used += file.entry.originalSize
    for (const file of this.#files) {
      if (used <= this.#limit) return
      used -= file.entry.originalSize
      file.discard()
    }
  }

  /** Makes `file` the last one that is given up. */
  used(file: SpoolFile): void {
    if (this.#files.delete(file)) this.#files.add(file)
  }

  #openFolder(): string {
    if (this.#folder !== null) return this.#folder
    const base = join(this.#cacheFolder, FOLDER_NAME)
    try {
      mkdirSync(this.#cacheFolder, { recursive: true })
      clearLeftovers(base)
      this.#folder = siblingOf(base, 'tmp')
      mkdirSync(this.#folder)
    } catch (error) {
      throw writeError(error, base)
    }
    process.once('exit', this.#removeAtExit)
    return this.#folder
  }

  [Symbol.dispose](): void {
    for (const file of [...this.#files]) file.discard()
    process.off('exit', this.#removeAtExit)
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true })
    this.#folder = null
  }
}

interface StartedSpool {
  readonly path: string
  readonly fd: number
  readonly state: SpoolState
  readonly cancel: () => void
}

/** One entry's own bytes, decompressed as far as they are needed. */
export class SpoolFile implements ReadableFile {
  readonly entry: PackageEntry
  readonly #folder: SpoolFolder
  #spool: (StartedSpool & { readonly identity: FileIdentity }) | null = null

  constructor(entry: PackageEntry, folder: SpoolFolder) {
    this.entry = entry
    this.#folder = folder
  }

  get path(): string {
    return this.#started().path
  }

  get identity(): FileIdentity {
    return this.#started().identity
  }

  /** Bytes that are decompressed; the decompression goes on in its thread. Starts it. Throws what it ended with. */
  progress(): number {
    const { state } = this.#started()
    if (isSpoolEnded(state)) waitForSpool(state, this.entry.originalSize)
    return spooledBytes(state)
  }

  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    const { state, fd, path } = this.#started()
    this.#folder.used(this)
    waitForSpool(state, position + length)
    try {
      for (let done = 0; done < length; ) {
        const count = readSync(fd, target, offset + done, length - done, position + done)
        if (count === 0) throw noSpace(path)
        done += count
      }
    } catch (error) {
      throw ioError(error, path, 'read')
    }
  }

  /** Nothing: the user's package is not open, and the spool goes with its folder. */
  close(): void {}

  /** Stops the decompression and gives up what it made; the next use starts it again. */
  discard(): void {
    if (this.#spool === null) return
    const { fd, path, cancel } = this.#spool
    this.#spool = null
    this.#folder.forget(this)
    cancel()
    closeSync(fd)
    rmSync(path, { force: true })
  }

  #started(): StartedSpool & { readonly identity: FileIdentity } {
    if (this.#spool === null) {
      const started = this.#folder.start(this)
      this.#spool = { ...started, identity: fstatSync(started.fd) }
    }
    return this.#spool
  }
}

/** A file of `bytes` zeros that take no space yet. */
function newFile(path: string, bytes: number): number {
  try {
    const fd = openSync(path, 'wx+')
    ftruncateSync(fd, bytes)
    return fd
  } catch (error) {
    throw writeError(error, path)
  }
}
