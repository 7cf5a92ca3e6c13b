import { closeSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import type { PackageEntry } from '../format/npkg.ts'
import { type FileIdentity, identityOf } from '../system/file-stat.ts'
import type { PooledFile } from '../system/handles.ts'
import type { ReadableFile } from '../storage/read/source.ts'
import { decodeWhole } from './codec.ts'
import { startJob } from './job-thread.ts'
import { makeSpool, makeSpoolFolder, removeSpoolFolder } from './spool-folder.ts'
import { openSame, openSpool, type PackageToSpool, SpoolOutput, type SpoolTarget } from './spool-job.ts'
import {
  checkSpool,
  failSpool,
  giveBack,
  isSpoolEnded,
  newSpoolState,
  type SpoolState,
  SpoolWriter,
  spooledBytes,
  waitForEnd,
  waitForSpool,
  wakeSpool,
  wantedBytes,
  wantSpool,
} from './spool-state.ts'
import { removeMade } from './temporary.ts'

/** An entry up to this size is decompressed at once, in a few milliseconds: less than it takes to start a thread. */
const SMALL_BYTES = 4 << 20

/** Bytes on disk of all spools of this process; zeros take none. */
const taken = new BigInt64Array(new SharedArrayBuffer(8))

export interface SpoolOptions {
  /** undefined: the user's own cache. */
  readonly cacheFolder: string | undefined
  /** Returns the maximum size of the spools of one package in bytes; it may change. */
  readonly limit: () => number
  readonly wait: boolean
  /** Called when more is decompressed, when a decompression paused or ended, and when the last lease of a spool ended. */
  readonly onProgress: () => void
}

/** Decompressed entries of one open package, in a folder that is removed when the package is closed. */
export class SpoolFolder implements Disposable {
  readonly #source: PackageToSpool
  readonly #options: SpoolOptions
  #folder: string | null = null
  readonly #files = new Set<SpoolFile>()
  #count = 0
  #isClosed = false
  readonly #removeAtExit = (): void => this[Symbol.dispose]()

  constructor(source: PackageToSpool, options: SpoolOptions) {
    this.#source = source
    this.#options = options
  }

  get wait(): boolean {
    return this.#options.wait
  }

  /** Returns a file that decompresses its entry from its first use on. */
  file(entry: PackageEntry): SpoolFile {
    return new SpoolFile(entry, this)
  }

  /**
   * Starts a decompression. Makes room for it: evicts the least recently used spools, except leased ones. Throws
   * `NO_SPACE` for an entry that is too large, and if leased spools take the room. Without `wait` it throws `NOT_READY`
   * in the second case, with `NO_SPACE` as its cause, and while too many others are at work: try again at `onProgress`.
   */
  start(file: SpoolFile): StartedSpool {
    const { entry } = file
    if (this.#isClosed) throw closedError(this.#source.path)
    const limit = this.#options.limit()
    if (entry.originalSize > limit) {
      throw new NumPackError(
        'NO_SPACE',
        `entry '${entry.name}' of ${this.#source.path} has ${entry.originalSize} bytes, more than are decompressed for looking at (${limit}). Unpack the package instead.`,
        { path: this.#source.path, entry: entry.name },
      )
    }
    this.#makeRoom(file, limit)
    const content = makeSpool(this.#openFolder(), this.#count++, entry.originalSize)
    this.#files.add(file)
    try {
      const isSmall = entry.originalSize <= SMALL_BYTES && entry.storedSize <= 2 * SMALL_BYTES
      return { content, ...(isSmall ? this.#fill(content, entry) : this.#startThread(content, entry)) }
    } catch (error) {
      this.#files.delete(file)
      removeMade(content.path)
      throw error
    }
  }

  #fill(content: PooledFile, entry: PackageEntry): Omit<StartedSpool, 'content'> {
    using input = openSame(this.#source)
    const bytes = decodeWhole(input, entry)
    input.checkUnchanged()
    const state = newSpoolState()
    const fd = openSpool(targetOf(content))
    try {
      new SpoolOutput(fd, { entry, package: this.#source, spool: targetOf(content), state }).write(bytes, 0)
    } catch (error) {
      giveAllBack(state)
      throw error
    } finally {
      closeSync(fd)
    }
    wantSpool(state, bytes.length)
    const writer = new SpoolWriter(state)
    writer.advance(bytes.length)
    writer.finish()
    return { state, hasDied: () => false, end: () => giveAllBack(state) }
  }

  #startThread(content: PooledFile, entry: PackageEntry): Omit<StartedSpool, 'content'> {
    const state = newSpoolState()
    const { problem: _, ...plain } = entry
    const job = { kind: 'spool', package: this.#source, entry: plain, spool: targetOf(content), state } as const
    let isOver = false
    const report = (): void => {
      if (!isOver) this.#options.onProgress()
    }
    const { outcome, cancel, hasDied } = startJob(job, report, { background: true })
    const end = (): void => {
      isOver = true
      cancel()
      wakeSpool(state)
      if (isSpoolEnded(state)) giveAllBack(state)
    }
    // The state holds the outcome, where a read finds it, also if the thread died.
    outcome
      .catch((error: unknown) => failSpool(state, error))
      .finally(() => {
        if (isOver) giveAllBack(state)
        report()
      })
    return { state, hasDied, end }
  }

  forget(file: SpoolFile): void {
    this.#files.delete(file)
  }

  #makeRoom({ entry }: SpoolFile, limit: number): void {
    const evicted = new Set<SpoolFile>()
    let used = entry.originalSize
    for (const file of this.#files) used += file.entry.originalSize
    for (const file of this.#files) {
      if (used <= limit) break
      if (file.isLeased) continue
      used -= file.entry.originalSize
      evicted.add(file)
    }
    if (used > limit) throw this.wait ? this.#noRoom(entry, limit) : notReady(entry, 0, this.#noRoom(entry, limit))
    const atWork = [...this.#files].filter(file => file.isAtWork && !evicted.has(file))
    if (atWork.length >= LIMITS.spoolsAtWork) {
      const others = atWork.filter(file => !file.isLeased)
      const other = others.find(file => file.isIdle) ?? (this.wait ? others[0] : undefined)
      if (other !== undefined) evicted.add(other)
      else if (this.wait) atWork[0]?.finish()
      else throw notReady(entry, 0)
    }
    for (const file of evicted) file.discard()
  }

  #noRoom({ name, originalSize }: PackageEntry, limit: number): NumPackError {
    const { path } = this.#source
    const leased = [...this.#files].filter(file => file.isLeased).map(({ entry }) => `'${entry.name}'`)
    return new NumPackError(
      'NO_SPACE',
      `entry '${name}' of ${path} has ${originalSize} bytes, but at most ${limit} bytes are decompressed at a time, and this is being read: ${leased.join(', ')}. Try again when that has ended, or unpack the package.`,
      { path, entry: name },
    )
  }

  /** Notes that the last lease of a file ended. */
  released(): void {
    this.#options.onProgress()
  }

  used(file: SpoolFile): void {
    if (this.#files.delete(file)) this.#files.add(file)
  }

  #openFolder(): string {
    if (this.#folder !== null) return this.#folder
    this.#folder = makeSpoolFolder(this.#options.cacheFolder)
    process.once('exit', this.#removeAtExit)
    return this.#folder
  }

  [Symbol.dispose](): void {
    this.#isClosed = true
    for (const file of this.#files) file.discard()
    process.off('exit', this.#removeAtExit)
    if (this.#folder !== null) removeSpoolFolder(this.#folder)
    this.#folder = null
  }
}

export const closedError = (path: string): NumPackError =>
  new NumPackError('CLOSED', `${path} was closed: open the package again.`, { path })

const targetOf = ({ path, identity }: PooledFile): SpoolTarget => ({ path, identity: identityOf(identity), taken })

const giveAllBack = (state: SpoolState): void => void Atomics.sub(taken, 0, BigInt(giveBack(state)))

/** `bytes`: how many bytes of the entry, from its beginning, the read needs. */
const notReady = ({ name }: PackageEntry, bytes: number, cause?: NumPackError): NumPackError =>
  new NumPackError('NOT_READY', `entry '${name}' is still being decompressed.`, { entry: name, bytes }, cause)

interface StartedSpool {
  readonly content: PooledFile
  readonly state: SpoolState
  readonly hasDied: () => boolean
  readonly end: () => void
}

/** One entry's bytes, decompressed as far as needed. */
export class SpoolFile implements ReadableFile {
  readonly entry: PackageEntry
  readonly #folder: SpoolFolder
  #spool: StartedSpool | null = null
  #leases = 0

  constructor(entry: PackageEntry, folder: SpoolFolder) {
    this.entry = entry
    this.#folder = folder
  }

  get path(): string {
    const { content, state } = this.#started()
    checkSpool(state)
    return content.path
  }

  get identity(): FileIdentity {
    return this.#started().content.identity
  }

  /** Whether a thread decompresses it, or waits for a request for more. */
  get isAtWork(): boolean {
    return this.#spool !== null && !isSpoolEnded(this.#spool.state)
  }

  get isLeased(): boolean {
    return this.#leases > 0
  }

  get isIdle(): boolean {
    return this.#spool !== null && spooledBytes(this.#spool.state) >= wantedBytes(this.#spool.state)
  }

  /** Returns a lease: decompressed bytes, those of a later start too, are kept until all leases are disposed. */
  lease(): Disposable {
    let isOver = false
    this.#leases++
    return {
      [Symbol.dispose]: () => {
        if (isOver) return
        isOver = true
        if (--this.#leases === 0 && this.#spool !== null) this.#folder.released()
      },
    }
  }

  /** Returns the bytes that are ready, and those that will be without another request. Starts nothing. */
  get progress(): { readonly ready: number; readonly wanted: number } {
    if (this.#spool === null) return { ready: 0, wanted: 0 }
    const { state } = this.#spool
    checkSpool(state)
    return { ready: spooledBytes(state), wanted: wantedBytes(state) }
  }

  /** Requests the first `bytes` bytes. */
  request(bytes: number): void {
    const { state } = this.#started()
    checkSpool(state)
    wantSpool(state, Math.min(bytes, this.entry.originalSize))
  }

  read(target: NodeJS.ArrayBufferView, offset: number, length: number, position: number): void {
    const { state, content, hasDied } = this.#started()
    this.#folder.used(this)
    const end = position + length
    if (spooledBytes(state) < end) {
      this.#want(end)
      if (!this.#folder.wait && !isSpoolEnded(state)) throw notReady(this.entry, end)
    }
    waitForSpool(state, end, hasDied)
    content.read(target, offset, length, position)
  }

  close(): void {
    this.#spool?.content.close()
  }

  /** Decompresses the rest, so that no thread is needed for it any more. */
  finish(): void {
    if (this.#spool === null) return
    const { state, hasDied } = this.#spool
    wantSpool(state, this.entry.originalSize)
    waitForEnd(state, hasDied)
  }

  /** Stops the decompression and discards its result; the next use starts it again. */
  discard(): void {
    if (this.#spool === null) return
    const { content, end } = this.#spool
    this.#spool = null
    this.#folder.forget(this)
    content.close()
    removeMade(content.path)
    end()
  }

  /** Requests at least twice as many bytes, so that a reader that starts over after each wait still finishes. */
  #want(bytes: number): void {
    const wanted = Math.max(bytes + LIMITS.spoolReadAhead, 2 * bytes)
    wantSpool((this.#spool as StartedSpool).state, Math.min(wanted, this.entry.originalSize))
  }

  #started(): StartedSpool {
    if (this.#spool === null) {
      this.#spool = this.#folder.start(this)
      this.#want(0)
    }
    return this.#spool
  }
}
