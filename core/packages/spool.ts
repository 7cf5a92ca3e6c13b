import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../format/errors.ts'
import type { PackageEntry } from '../format/npkg.ts'
import { type FileIdentity, handles, PooledFile } from '../storage/handles.ts'
import { makeFolders } from '../storage/make-folders.ts'
import type { ReadableFile } from '../storage/source.ts'
import { decodeWhole } from './codec.ts'
import { startJob } from './job-thread.ts'
import { openSame, type PackageToSpool } from './spool-job.ts'
import { isSpoolEnded, newSpoolState, type SpoolState, SpoolWriter, spooledBytes, waitForSpool } from './spool-state.ts'
import { clearLeftovers, siblingOf } from './temporary.ts'
import { writeError } from './write-error.ts'

/** The name that the spools' folders are made of, as a target has. */
const FOLDER_NAME = 'numpack-packages'
/** An entry up to this size is decompressed at once, in a few milliseconds: starting a thread takes longer. */
const SMALL_BYTES = 4 << 20

export interface SpoolOptions {
  /** Bytes that the spools of one package may take together. */
  readonly limit: number
  /** Whether a read waits for what is not decompressed yet, or throws `NOT_READY`. */
  readonly wait: boolean
}

/** Removes the spools of programs that ended without doing it. */
export const clearSpools = (cacheFolder: string): void => clearLeftovers(join(cacheFolder, FOLDER_NAME))

/** Decompressed entries of one open package, in a folder of their own that goes when the package is closed. */
export class SpoolFolder implements Disposable {
  readonly #source: PackageToSpool
  readonly #cacheFolder: string
  readonly #limit: number
  readonly wait: boolean
  #folder: string | null = null
  readonly #files = new Set<SpoolFile>()
  #count = 0
  readonly #removeAtExit = (): void => this[Symbol.dispose]()

  constructor(source: PackageToSpool, cacheFolder: string, { limit, wait }: SpoolOptions) {
    this.#source = source
    this.#cacheFolder = cacheFolder
    this.#limit = limit
    this.wait = wait
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
    const content = newFile(path, entry.originalSize)
    this.#files.add(file)
    try {
      return {
        content,
        ...(entry.originalSize <= SMALL_BYTES ? this.#fill(path, entry) : this.#startThread(path, entry)),
      }
    } catch (error) {
      this.#files.delete(file)
      rmSync(path, { force: true })
      throw error
    }
  }

  #fill(path: string, entry: PackageEntry): Pick<StartedSpool, 'state' | 'cancel'> {
    using input = openSame(this.#source)
    const bytes = decodeWhole(input, entry)
    try {
      writeFileSync(path, bytes, { flag: 'r+' })
    } catch (error) {
      throw writeError(error, path)
    }
    const state = newSpoolState()
    new SpoolWriter(state).advance(bytes.length)
    return { state, cancel: () => {} }
  }

  #startThread(path: string, entry: PackageEntry): Pick<StartedSpool, 'state' | 'cancel'> {
    const state = newSpoolState()
    const { problem: _, ...plain } = entry
    const job = { kind: 'spool', package: this.#source, entry: plain, path, state } as const
    const { outcome, cancel } = startJob(job, undefined, { background: true })
    // What the decompression ended with stands in its state, where a read finds it.
    outcome.catch(() => {})
    return { state, cancel }
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
      makeFolders(this.#cacheFolder)
      clearSpools(this.#cacheFolder)
      this.#folder = siblingOf(base, 'tmp')
      mkdirSync(this.#folder)
    } catch (error) {
      throw writeError(error, base)
    }
    process.once('exit', this.#removeAtExit)
    return this.#folder
  }

  [Symbol.dispose](): void {
    for (const file of this.#files) file.discard()
    process.off('exit', this.#removeAtExit)
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
    this.#folder = null
  }
}

interface StartedSpool {
  readonly content: PooledFile
  readonly state: SpoolState
  readonly cancel: () => void
}

/** One entry's own bytes, decompressed as far as they are needed. */
export class SpoolFile implements ReadableFile {
  readonly entry: PackageEntry
  readonly #folder: SpoolFolder
  #spool: StartedSpool | null = null

  constructor(entry: PackageEntry, folder: SpoolFolder) {
    this.entry = entry
    this.#folder = folder
  }

  get path(): string {
    return this.#started().content.path
  }

  get identity(): FileIdentity {
    return this.#started().content.identity
  }

  /** Bytes that are decompressed; the decompression goes on in its thread. Starts it. Throws what it ended with. */
  progress(): number {
    const { state } = this.#started()
    if (isSpoolEnded(state)) waitForSpool(state, this.entry.originalSize)
    return spooledBytes(state)
  }

  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    const { state, content } = this.#started()
    this.#folder.used(this)
    if (!this.#folder.wait && !isSpoolEnded(state) && spooledBytes(state) < position + length) throw this.#notReady()
    waitForSpool(state, position + length)
    content.read(target, offset, length, position)
  }

  close(): void {
    this.#spool?.content.close()
  }

  /** Stops the decompression and gives up what it made; the next use starts it again. */
  discard(): void {
    if (this.#spool === null) return
    const { content, cancel } = this.#spool
    this.#spool = null
    this.#folder.forget(this)
    cancel()
    content.close()
    rmSync(content.path, { force: true, maxRetries: 5 })
  }

  #notReady(): NumPackError {
    return new NumPackError('NOT_READY', `entry '${this.entry.name}' is still being decompressed.`, {
      entry: this.entry.name,
    })
  }

  #started(): StartedSpool {
    this.#spool ??= this.#folder.start(this)
    return this.#spool
  }
}

/** A file of `bytes` zeros that take no space yet. */
function newFile(path: string, bytes: number): PooledFile {
  try {
    const fd = openSync(path, 'wx')
    try {
      ftruncateSync(fd, bytes)
      return new PooledFile(handles, path, fstatSync(fd))
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    throw writeError(error, path)
  }
}
