import { realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { type ArrayRecord, decodeMetadata, type Metadata } from '../../format/metadata.ts'
import {
  arrayOfBitmapFile,
  isArrayFile,
  isLeftover,
  isSegmentsFolder,
  METADATA_FILE,
  segmentsFolderOf,
} from '../../format/names.ts'
import { firstFew } from '../../format/short-text.ts'
import { checkArrayName } from '../../array/arguments.ts'
import { type AppliedLog, type ArrayInfo, openArray, type StoredArray } from './array.ts'
import { findFile, type HeldBytes, NOTHING_HELD, readStoreFile, type StoreFolder } from './folder.ts'
import { StatThrottle } from '../../system/stat-throttle.ts'
import { type FileStat, fileState, type FileIdentity, statPath } from '../../system/file-stat.ts'
import { type HandlePool, handles } from '../../system/handles.ts'
import { MemoryShare, openBitmaps, openWriteLogs } from '../../system/memory-share.ts'
import { findWriteLog, forRecords, isSameWriteLog, type PendingWriteLog } from './write-log.ts'
import { ioError } from '../../system/io-error.ts'
import { listFolder } from '../../system/list-folder.ts'
import type { ArrayReader } from './reader.ts'
import { getWriteCount } from './write-counter.ts'

/** Attempts to open all arrays before a writer changes the store again. */
const MAX_ATTEMPTS = 5
/** The same where each attempt may read a large write log again. */
const MAX_COSTLY_ATTEMPTS = 2
const COSTLY_LOG_BYTES = 2 ** 20

export interface StoreOptions {
  /** A folder without metadata is then no store; otherwise an empty folder is an empty store. */
  readonly readOnly?: boolean
  /** Whether files of the store may be symbolic links. Only for reading. */
  readonly followLinks?: boolean
  readonly pool?: HandlePool
}

export interface StoreChanges {
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Whether anything changed, the store's warnings included. */
  readonly any: boolean
}

interface MetadataState {
  readonly metadata: Metadata
  /** null for an empty folder. */
  readonly fileState: string | null
  readonly writes: number
}

/**
 * Opens a store: reads metadata and bitmaps, of the data only rows of a write log, and keeps no file open. Throws
 * `NOT_FOUND`, `NOT_A_STORE`, `DAMAGED`, `NEWER_VERSION`, `PATH_ESCAPE` or `IO`; lists damaged arrays.
 */
export const openStore = (path: string, options: StoreOptions = {}): Store => new Store(path, options)

/** A store's arrays as of the last refresh. */
export class Store {
  readonly path: string
  /** Identity of the folder when it was opened: writers refuse to work in another one. */
  readonly identity: FileIdentity
  readonly #folder: StoreFolder
  readonly #readOnly: boolean
  readonly #throttle = new StatThrottle()
  readonly #memory = { bitmaps: new MemoryShare(openBitmaps), writeLogs: new MemoryShare(openWriteLogs) }
  #state: MetadataState
  #arrays: ReadonlyMap<string, StoredArray>
  #folderStat: FileStat
  #generation = 0
  #folderWarnings: readonly string[]

  constructor(path: string, { readOnly = false, followLinks = false, pool = handles }: StoreOptions = {}) {
    this.path = resolve(path)
    this.#readOnly = readOnly
    this.#folderStat = statFolder(this.path)
    this.identity = this.#folderStat
    this.#folder = { path: this.path, realPath: realPathOf(this.path), pool, pending: null, memory: this.#memory }
    this.#folder.followsLinks = followLinks
    this.#setPending(findWriteLog(this.#folder, null))
    this.#folder.bytesInUse = () => bytesInUse(this.#arrays.values())
    try {
      this.#state = this.#readMetadata()
      this.#setPending(forRecords(this.#folder.pending ?? null, this.records))
      this.#arrays = this.#openArrays(new Map())
    } catch (error) {
      this.#releaseMemory()
      throw error
    }
    this.#folderWarnings = this.#findStrayFiles()
  }

  /** Sorted by name, damaged ones included. */
  get arrays(): readonly ArrayInfo[] {
    return Array.from(this.#arrays.values(), array => array.info)
  }

  get warnings(): readonly string[] {
    return firstFew([...this.#state.metadata.warnings, ...this.#folderWarnings])
  }

  get version(): number {
    return this.#state.metadata.version
  }

  get sizeBytes(): number {
    return this.arrays.reduce((sum, array) => sum + array.sizeBytes, 0)
  }

  get(name: string): ArrayInfo | undefined {
    return this.#arrays.get(name)?.info
  }

  get records(): readonly ArrayRecord[] {
    return this.#state.metadata.records
  }

  get folder(): StoreFolder {
    return this.#folder
  }

  get followsLinks(): boolean {
    return this.#folder.followsLinks === true
  }

  /** Applies from the next refresh on. */
  set followsLinks(follows: boolean) {
    this.#folder.followsLinks = follows
  }

  /** Throws `NOT_FOUND`, or why the array is damaged. */
  reader(name: string): ArrayReader {
    const array = this.#array(name)
    if (array.reader === null) throw array.error
    return array.reader
  }

  record(name: string): ArrayRecord {
    return this.#array(name).record
  }

  findRecord(name: string): ArrayRecord | undefined {
    return this.#arrays.get(name)?.record
  }

  /** null for a damaged array. */
  appliedLog(name: string): AppliedLog | null {
    return this.#arrays.get(name)?.applied ?? null
  }

  /** Key that changes with the array's content; undefined for an unknown array. */
  contentKey(name: string): string | undefined {
    return this.#arrays.get(name)?.contentKey
  }

  /** Reader of an array as on disk now. Checks only its files and the metadata, once in a burst of calls. */
  currentReader(name: string): ArrayReader {
    const array = this.#arrays.get(name)
    if (array === undefined || this.#throttle.shouldCheck()) {
      if (this.#metadataChanged()) this.refresh()
      else if (array !== undefined) {
        this.#findWriteLog()
        const current = openArray(this.#folder, array.record, array, ++this.#generation)
        this.#memory.bitmaps.bytes = this.#folder.held?.bitmaps ?? 0
        // If the metadata was replaced after the check above, the files don't belong to this record.
        if (current !== array && this.#metadataChanged()) this.refresh()
        else if (current !== array) {
          array.reader?.source.close()
          this.#arrays = new Map(this.#arrays).set(name, current)
        }
      }
      this.#throttle.checked()
    }
    return this.reader(name)
  }

  /** Refreshes if the metadata changed. Checks no array, so the cost does not grow with their number. */
  refreshNames(): void {
    if (this.#metadataChanged()) this.refresh()
  }

  /** Reads again what changed on disk. Throws as `openStore`. */
  refresh(): StoreChanges {
    const before = this.#arrays
    const warningsBefore = this.warnings.join('\n')
    const folderStat = statFolder(this.path)
    this.#arrays = this.#openConsistent(before)
    if (folderStat.mtimeNs !== this.#folderStat.mtimeNs || before !== this.#arrays) {
      this.#folderStat = folderStat
      this.#folderWarnings = this.#findStrayFiles()
    }
    const changed = [...this.#arrays.values()].filter(array => before.get(array.info.name) !== array)
    const removed = [...before.keys()].filter(name => !this.#arrays.has(name))
    for (const [name, array] of before) if (this.#arrays.get(name) !== array) array.reader?.source.close()
    return {
      changed: changed.map(array => array.info.name),
      removed,
      any: changed.length > 0 || removed.length > 0 || this.warnings.join('\n') !== warningsBefore,
    }
  }

  /** Whether a `refresh` might find a change in the folder, the metadata or these arrays. Throws as `refresh`. */
  mayHaveChanged(names: Iterable<string>): boolean {
    if (statFolder(this.path).mtimeNs !== this.#folderStat.mtimeNs || this.#metadataChanged()) return true
    for (const name of names) {
      const array = this.#arrays.get(name)
      if (array !== undefined && openArray(this.#folder, array.record, array, 0) !== array) return true
    }
    return false
  }

  /** Closes all files, and counts no memory as held any more; reading opens files again. */
  close(): void {
    this.#releaseMemory()
    for (const array of this.#arrays.values()) array.reader?.source.close()
  }

  #array(name: string): StoredArray {
    const array = this.#arrays.get(name)
    if (array === undefined) throw this.#notFound(name)
    return array
  }

  #notFound(name: string): NumPackError {
    checkArrayName(name)
    return new NumPackError('NOT_FOUND', `there is no array '${name}' in ${this.path}.`, {
      path: this.path,
      array: name,
    })
  }

  #metadataChanged(): boolean {
    const found = findFile(this.#folder, METADATA_FILE)
    if (this.#state.writes !== getWriteCount(this.#folder.realPath)) return true
    return this.#state.fileState !== (found.kind === 'file' ? fileState(found.stat) : null)
  }

  #readMetadata(): MetadataState {
    const path = join(this.path, METADATA_FILE)
    const writes = getWriteCount(this.#folder.realPath)
    try {
      const { bytes, stat } = readStoreFile(this.#folder, METADATA_FILE, LIMITS.metadataBytes)
      return { metadata: decodeMetadata(bytes, path), fileState: fileState(stat), writes }
    } catch (error) {
      if (!(error instanceof NumPackError) || error.code !== 'NOT_FOUND') throw error
      // The next writer removes the files of an interrupted first save, which its write log names.
      const unfinished = new Set(this.#folder.pending?.files)
      const hasData = listFolder(this.path).some(file => isArrayFile(file) && !unfinished.has(file))
      if (!this.#readOnly && !hasData) {
        return { metadata: { version: 1, totalSize: 0, records: [], warnings: [] }, fileState: null, writes }
      }
      throw new NumPackError(
        this.#readOnly ? 'NOT_A_STORE' : 'DAMAGED',
        hasData
          ? `${this.path}: no metadata file; data files lie there. Restore ${METADATA_FILE} from a backup.`
          : `${this.path} is no NumPack store: it has no metadata file (${METADATA_FILE}).`,
        { path: this.path },
      )
    }
  }

  /** Starts again if a writer changes metadata or write log meanwhile: an array's files must be of one moment. */
  #openConsistent(before: ReadonlyMap<string, StoredArray>): ReadonlyMap<string, StoredArray> {
    for (let attempt = 1; ; attempt++) {
      this.#findWriteLog()
      if (this.#metadataChanged()) {
        const recordsBefore = this.records
        this.#state = this.#readMetadata()
        const isPartial = this.#folder.pending?.isPartial === true
        if (isPartial && !areSameRecords(recordsBefore, this.records)) this.#setPending(null)
        this.#findWriteLog()
      }
      const pending = this.#folder.pending ?? null
      const arrays = this.#openArrays(before)
      const isConsistent = isSameWriteLog(this.#folder, pending) && !this.#metadataChanged()
      const attempts = pending !== null && pending.fileBytes > COSTLY_LOG_BYTES ? MAX_COSTLY_ATTEMPTS : MAX_ATTEMPTS
      if (isConsistent || attempt >= attempts) return arrays
    }
  }

  /** Keeps only the parts of the write log about arrays of the metadata. */
  #findWriteLog(): void {
    const before = this.#folder.pending ?? null
    const pending = findWriteLog(this.#folder, before)
    if (pending !== before) this.#setPending(forRecords(pending, this.records))
  }

  #setPending(pending: PendingWriteLog | null): void {
    this.#folder.pending = pending
    this.#memory.writeLogs.bytes = pending?.bytes ?? 0
  }

  #releaseMemory(): void {
    for (const share of Object.values(this.#memory)) share[Symbol.dispose]()
  }

  #openArrays(before: ReadonlyMap<string, StoredArray>): ReadonlyMap<string, StoredArray> {
    this.#generation++
    this.#folder.held = heldBytesOf(before.values())
    const arrays = this.#state.metadata.records
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(record => openArray(this.#folder, record, before.get(record.name) ?? null, this.#generation))
    this.#folder.held = heldBytesOf(arrays)
    this.#memory.bitmaps.bytes = this.#folder.held.bitmaps
    if (arrays.length === before.size && arrays.every(array => before.get(array.info.name) === array)) return before
    return new Map(arrays.map(array => [array.info.name, array]))
  }

  /** Warns of files of no array, which an interrupted write may have left. */
  #findStrayFiles(): string[] {
    const known = new Set<string>()
    for (const { info, reader } of this.#arrays.values()) {
      known.add(info.dataFile)
      // The segments of a damaged array are unknown.
      if (reader === null) known.add(segmentsFolderOf(info.name))
      else for (const { name } of reader.source.parts) if (name.includes('/')) known.add(dirname(name))
    }
    const warnings: string[] = []
    const leftovers: string[] = []
    for (const file of listFolder(this.path).sort()) {
      const array = arrayOfBitmapFile(file)
      if (isLeftover(file)) leftovers.push(file)
      else if (array !== undefined) {
        if (!this.#arrays.has(array)) warnings.push(`${file}: a bitmap without its array, reported and not applied`)
      } else if (isArrayFile(file) && !known.has(file)) {
        warnings.push(`${file}: a data file without its array; it may be the rest of an interrupted save`)
      } else if (isSegmentsFolder(file) && !known.has(file)) {
        warnings.push(`${file}: a folder of segments that no array uses; it could not be removed, or holds other files`)
      }
    }
    if (leftovers.length > 0)
      warnings.push(`leftovers of an interrupted write, ignored: ${firstFew(leftovers).join(', ')}`)
    return warnings
  }
}

function bytesInUse(arrays: Iterable<StoredArray>): Map<string, number> {
  const most = new Map<string, number>()
  for (const { reader } of arrays) {
    for (const { name, bytes } of reader?.source.parts ?? []) most.set(name, Math.max(bytes, most.get(name) ?? 0))
  }
  return most
}

const areSameRecords = (some: readonly ArrayRecord[], others: readonly ArrayRecord[]): boolean =>
  some.length === others.length && some.every(({ raw }, i) => Buffer.compare(raw, (others[i] as ArrayRecord).raw) === 0)

function heldBytesOf(arrays: Iterable<StoredArray>): HeldBytes {
  let { bitmaps, segmentLists } = NOTHING_HELD
  for (const { held } of arrays) {
    bitmaps += held.bitmaps
    segmentLists += held.segmentLists
  }
  return { bitmaps, segmentLists }
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    throw ioError(error, path, 'open')
  }
}

function statFolder(path: string): FileStat {
  let stat: FileStat
  try {
    stat = statPath(path)
  } catch (error) {
    throw ioError(error, path, 'open')
  }
  if (stat.isDirectory()) return stat
  throw new NumPackError('NOT_A_STORE', `${path} is no NumPack store: it is not a folder (${basename(path)}).`, {
    path,
  })
}
