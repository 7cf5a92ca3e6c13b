import { join, resolve } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { type ArrayRecord, decodeMetadata, type Metadata } from '../../format/metadata.ts'
import { isArrayFile, METADATA_FILE } from '../../format/names.ts'
import { firstFew } from '../../format/short-text.ts'
import { checkArrayName } from '../../array/arguments.ts'
import { type ArrayInfo, difference, openArray, type StoredArray } from './array.ts'
import { type HeldBytes, metadataStateIn, NOTHING_HELD, readStoreFile, type StoreFolder } from './folder.ts'
import { StatThrottle } from '../../system/stat-throttle.ts'
import { type FileStat, fileState, type FileIdentity } from '../../system/file-stat.ts'
import { type HandlePool, handles } from '../../system/handles.ts'
import { MemoryShare, bitmapBudget, writeLogBudget } from '../../system/memory-share.ts'
import { findWriteLog, isSameWriteLog, keepEntriesOf, type PendingWriteLog } from './write-log.ts'
import { listFolder } from '../../system/list-folder.ts'
import { realPathOf, statFolder } from './look-up-folder.ts'
import type { ArrayReader } from './reader.ts'
import { RecordIndex } from './record-index.ts'
import { folderWarnings } from './folder-warnings.ts'
import { getWriteCount } from './write-counter.ts'

/** Attempts to open the arrays while a writer keeps changing the store. */
const MAX_ATTEMPTS = 20
/** The same while there is a large write log, which each attempt may read. */
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
  readonly version: number
  readonly warnings: readonly string[]
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
  /** The array that the burst of calls is about. */
  #checkedArray: string | null = null
  readonly #memory = { bitmaps: new MemoryShare(bitmapBudget), writeLogs: new MemoryShare(writeLogBudget) }
  #state: MetadataState
  #records = new RecordIndex()
  readonly #arrays = new Map<string, StoredArray>()
  /** null after a change of the arrays. */
  #sorted: readonly ArrayInfo[] | null = null
  /** Arrays whose records changed since they were opened. */
  readonly #outdated = new Set<string>()
  /** What the arrays hold together. */
  #held: HeldBytes = NOTHING_HELD
  #folderStat: FileStat
  #generation = 0
  #folderWarnings: readonly string[]
  #areFolderWarningsCurrent = true

  constructor(path: string, { readOnly = false, followLinks = false, pool = handles }: StoreOptions = {}) {
    this.path = resolve(path)
    this.#readOnly = readOnly
    this.#folderStat = statFolder(this.path)
    this.identity = this.#folderStat
    this.#folder = {
      path: this.path,
      realPath: realPathOf(this.path),
      pool,
      memory: this.#memory,
      arrays: this.#arrays,
      followsLinks: followLinks,
    }
    this.#setPending(findWriteLog(this.#folder, null))
    try {
      this.#state = this.#readMetadata()
      this.#setPending(keepEntriesOf(this.records, this.#folder.pending ?? null))
      this.#openArrays(null)
    } catch (error) {
      this.#releaseMemory()
      throw error
    }
    this.#folderWarnings = folderWarnings(this.path, this.#arrays)
  }

  /** Sorted by name, damaged ones included. */
  get arrays(): readonly ArrayInfo[] {
    this.#sorted ??= Array.from(this.#arrays.values(), array => array.info).sort(byName)
    return this.#sorted
  }

  get warnings(): readonly string[] {
    return firstFew([...this.#state.warnings, ...this.#folderWarnings])
  }

  get version(): number {
    return this.#state.version
  }

  get sizeBytes(): number {
    return this.arrays.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
  }

  get(name: string): ArrayInfo | undefined {
    return this.#arrays.get(name)?.info
  }

  get records(): readonly ArrayRecord[] {
    return this.#records.values()
  }

  /** `fileState` of the metadata file when it was read; null for an empty folder. */
  get metadataState(): string | null {
    return this.#state.fileState
  }

  get index(): Omit<RecordIndex, 'put' | 'delete'> {
    return this.#records
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
    return this.#records.get(name)
  }

  /** The write log that applies to an array, and the state of its bitmap file, as of its opening. */
  opened(name: string): Pick<StoredArray, 'applied' | 'bitmapState'> | undefined {
    return this.#arrays.get(name)
  }

  /** Key that changes with the array's content; undefined for an unknown array. */
  contentKey(name: string): string | undefined {
    return this.#arrays.get(name)?.contentKey
  }

  /** Reader of an array as on disk now. Checks only its files and the metadata, once in a burst of calls for it. */
  currentReader(name: string): ArrayReader {
    const array = this.#arrays.get(name)
    const isBurst = !this.#throttle.shouldCheck() && this.#checkedArray === name
    if (array === undefined || !isBurst) {
      if (this.#metadataChanged()) this.refreshArrays([name])
      else if (array !== undefined) {
        this.#findWriteLog()
        const current = this.#openArray(array.record, array, ++this.#generation)
        // If the metadata was replaced after the check above, the files don't belong to this record.
        if (current !== array && this.#metadataChanged()) this.refreshArrays([name])
        else if (current !== array) this.#putArray(name, current)
      }
      this.#throttle.checked()
      this.#checkedArray = name
    }
    return this.reader(name)
  }

  /** Reads the metadata again if it changed, and opens arrays whose records changed. Looks at no other array. */
  refreshRecords(): void {
    if (this.#metadataChanged()) this.#openConsistent([])
  }

  /** Refreshes the names of arrays and these arrays. The cost does not grow with the number of others. */
  refreshArrays(names: Iterable<string>): void {
    this.#openConsistent([...names])
  }

  /**
   * Takes over records that this writer has put into the metadata (null: removed), instead of reading them back. Does
   * nothing if the file is not the one that was written, whose state is given.
   */
  adopt(changes: ReadonlyMap<string, ArrayRecord | null>, state: string): void {
    const writes = getWriteCount(this.#folder.realPath)
    if (metadataStateIn(this.#folder) !== state) return
    this.#state = { version: this.#state.version, warnings: [], fileState: state, writes }
    for (const [name, record] of changes) {
      if (record === null) this.#deleteArray(name)
      else {
        this.#records.put(record)
        this.#outdated.add(name)
      }
    }
    this.#openArrays([])
  }

  /** Reads again what changed on disk. Throws as `openStore`. */
  refresh(): StoreChanges {
    const before = new Map(this.#arrays)
    const warningsBefore = this.warnings.join('\n')
    const folderStat = statFolder(this.path)
    this.#openConsistent(null)
    if (folderStat.mtimeNs !== this.#folderStat.mtimeNs || !this.#areFolderWarningsCurrent) {
      this.#folderStat = folderStat
      this.#folderWarnings = folderWarnings(this.path, this.#arrays)
      this.#areFolderWarningsCurrent = true
    }
    const changed = [...this.#arrays].filter(([name, array]) => before.get(name) !== array).map(([name]) => name)
    const removed = [...before.keys()].filter(name => !this.#arrays.has(name))
    return {
      changed: changed.sort(),
      removed,
      any: changed.length > 0 || removed.length > 0 || this.warnings.join('\n') !== warningsBefore,
    }
  }

  /** Whether a `refresh` might find a change in the folder, the metadata or these arrays. Throws as `refresh`. */
  mayHaveChanged(names: Iterable<string>): boolean {
    if (statFolder(this.path).mtimeNs !== this.#folderStat.mtimeNs || this.#metadataChanged()) return true
    for (const name of names) {
      const array = this.#arrays.get(name)
      if (array !== undefined && this.#openArray(array.record, array, 0) !== array) return true
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
    if (array !== undefined) return array
    checkArrayName(name)
    throw new NumPackError('NOT_FOUND', `there is no array '${name}' in ${this.path}.`, {
      path: this.path,
      array: name,
    })
  }

  #metadataChanged(): boolean {
    const state = metadataStateIn(this.#folder)
    return this.#state.writes !== getWriteCount(this.#folder.realPath) || this.#state.fileState !== state
  }

  #readMetadata(): MetadataState {
    const path = join(this.path, METADATA_FILE)
    const writes = getWriteCount(this.#folder.realPath)
    try {
      const { bytes, stat } = readStoreFile(this.#folder, METADATA_FILE, LIMITS.metadataBytes)
      return this.#useMetadata(decodeMetadata(bytes, path), fileState(stat), writes)
    } catch (error) {
      if (!(error instanceof NumPackError) || error.code !== 'NOT_FOUND') throw error
      const hasData = listFolder(this.path).some(isArrayFile)
      if (!this.#readOnly && !hasData) {
        return this.#useMetadata({ version: 1, totalSize: 0, records: [], warnings: [] }, null, writes)
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

  #useMetadata({ version, warnings, records }: Metadata, state: string | null, writes: number): MetadataState {
    this.#records = new RecordIndex(records)
    for (const name of this.#arrays.keys()) if (this.#records.get(name) === undefined) this.#deleteArray(name)
    for (const { name, raw } of records) {
      const known = this.#arrays.get(name)
      if (known === undefined || Buffer.compare(known.record.raw, raw) !== 0) this.#outdated.add(name)
    }
    return { version, warnings, fileState: state, writes }
  }

  /**
   * Opens these arrays (all: null). Starts again if a writer changes metadata or write log meanwhile: an array's files
   * must be of one moment.
   */
  #openConsistent(names: readonly string[] | null): void {
    for (let attempt = 1; ; attempt++) {
      this.#findWriteLog()
      if (this.#metadataChanged()) {
        const before = this.#records
        this.#state = this.#readMetadata()
        const isPartial = this.#folder.pending?.isPartial === true
        if (isPartial && !this.#records.equals(before)) this.#setPending(null)
        this.#findWriteLog()
      }
      const pending = this.#folder.pending ?? null
      this.#openArrays(names)
      const isConsistent = isSameWriteLog(this.#folder, pending) && !this.#metadataChanged()
      const attempts = pending !== null && pending.fileBytes > COSTLY_LOG_BYTES ? MAX_COSTLY_ATTEMPTS : MAX_ATTEMPTS
      if (isConsistent || attempt >= attempts) return
    }
  }

  /** Keeps only the parts of the write log about arrays of the metadata. */
  #findWriteLog(): void {
    const before = this.#folder.pending ?? null
    const pending = findWriteLog(this.#folder, before)
    if (pending !== before) this.#setPending(keepEntriesOf(this.records, pending))
  }

  #setPending(pending: PendingWriteLog | null): void {
    this.#folder.pending = pending
    this.#memory.writeLogs.bytes = pending?.bytes ?? 0
  }

  #releaseMemory(): void {
    for (const share of Object.values(this.#memory)) share[Symbol.dispose]()
  }

  /** Opens these arrays (all: null), and those whose records changed. */
  #openArrays(names: readonly string[] | null): void {
    this.#generation++
    const records = names === null ? this.#records.values() : this.#recordsOf(names)
    for (const record of records.sort(byName)) {
      const previous = this.#arrays.get(record.name) ?? null
      const current = this.#openArray(record, previous, this.#generation)
      if (current !== previous) this.#putArray(record.name, current)
    }
    this.#outdated.clear()
  }

  /** Returns the records of these arrays and of those whose records changed. */
  #recordsOf(names: readonly string[]): ArrayRecord[] {
    const wanted = new Set([...names, ...this.#outdated])
    return Array.from(wanted, name => this.#records.get(name)).filter(record => record !== undefined)
  }

  /** Opens an array beside what the others hold. The result counts only once `#putArray` keeps it. */
  #openArray(record: ArrayRecord, previous: StoredArray | null, generation: number): StoredArray {
    this.#folder.held = this.#held
    return openArray(this.#folder, record, previous, generation)
  }

  #putArray(name: string, array: StoredArray): void {
    const before = this.#arrays.get(name)
    before?.reader?.source.close()
    this.#hold(before?.held ?? NOTHING_HELD, array.held)
    this.#arrays.set(name, array)
    this.#sorted = null
    this.#areFolderWarningsCurrent = false
  }

  #deleteArray(name: string): void {
    this.#records.delete(name)
    const array = this.#arrays.get(name)
    if (array === undefined) return
    array.reader?.source.close()
    this.#hold(array.held, NOTHING_HELD)
    this.#arrays.delete(name)
    this.#sorted = null
    this.#areFolderWarningsCurrent = false
  }

  #hold(before: HeldBytes, now: HeldBytes): void {
    this.#held = difference(this.#held, difference(before, now))
    this.#memory.bitmaps.bytes = this.#held.bitmaps
  }
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1)
