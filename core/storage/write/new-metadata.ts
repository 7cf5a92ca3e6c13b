import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { type ArrayRecord, decodeMetadata, encodeMetadata } from '../../format/metadata.ts'
import { bitmapFileOf, METADATA_FILE } from '../../format/names.ts'
import { fileState } from '../../system/file-stat.ts'
import { replaceFile } from '../../system/files.ts'
import { accessLike } from '../read/access-like.ts'
import { findFile, metadataStateIn, readStoreFile, stateOf } from '../read/folder.ts'
import type { Store } from '../read/store.ts'
import type { NewRecord } from './transaction.ts'

/** Number of saves of other programs that an operation takes over before it fails. */
const MAX_TAKEOVERS = 20

type RecordChanges = ReadonlyMap<string, NewRecord | null>

/**
 * Metadata comes before all other files: where it is missing beside data files, they may be those of a store that was
 * copied in part, and are never removed.
 */
export function createEmptyStore(store: Store): void {
  const { folder, path } = store
  const isMissing = findFile(folder, METADATA_FILE).kind === 'missing'
  if (isMissing) replaceFile(join(path, METADATA_FILE), encodeMetadata([]), accessLike(folder))
  store.refreshRecords()
}

/** Metadata to put in place. NumPack has no lock: what it saves while an operation is running is taken over. */
export class NewMetadata {
  readonly #store: Store
  readonly #changes: RecordChanges
  #state: string | null
  bytes: Uint8Array
  /** Records that the operation puts or removes (null). */
  readonly records: ReadonlyMap<string, ArrayRecord | null>
  #takeovers = 0

  constructor(store: Store, changes: RecordChanges) {
    this.#store = store
    this.#changes = changes
    this.#state = store.metadataState
    this.records = readBack(changes)
    this.bytes = this.#encode(store.records)
  }

  /** Whether it has records that the store has not read. */
  get hasOthers(): boolean {
    return this.#takeovers > 0
  }

  /**
   * Takes over what others saved since the last look, and returns whether they did. Throws `CHANGED_ON_DISK` if they
   * saved the same arrays, or keep saving.
   */
  takeOver(): boolean {
    const { folder, path } = this.#store
    if (metadataStateIn(folder) === this.#state) return false
    if (++this.#takeovers > MAX_TAKEOVERS) throw keepsChanging(path)
    const { records, state } = readUnlessChanged(this.#store, this.#changes.keys())
    this.bytes = this.#encode(records)
    this.#state = state
    return true
  }

  #encode(current: readonly ArrayRecord[]): Uint8Array {
    const kept = current.filter(({ name }) => !this.#changes.has(name))
    return encodeMetadata([...kept, ...[...this.records.values()].filter(record => record !== null)])
  }
}

/** Reads the metadata. Throws `CHANGED_ON_DISK` if one of these arrays has another record than the store has read. */
function readUnlessChanged(store: Store, names: Iterable<string>): { records: readonly ArrayRecord[]; state: string } {
  const { bytes, stat } = readStoreFile(store.folder, METADATA_FILE, LIMITS.metadataBytes)
  const { records } = decodeMetadata(bytes, join(store.path, METADATA_FILE))
  const raws = new Map(records.map(({ name, raw }) => [name, raw]))
  for (const name of names) {
    if (!areEqual(store.findRecord(name)?.raw, raws.get(name))) throw changedMeanwhile(store.path, name)
  }
  return { records, state: fileState(stat) }
}

const areEqual = (a: Uint8Array | undefined, b: Uint8Array | undefined): boolean =>
  a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0

/** Returns the changes with records as they will be read from the metadata. */
function readBack(changes: RecordChanges): Map<string, ArrayRecord | null> {
  const added = [...changes.values()].filter(record => record !== null)
  const { records } = decodeMetadata(encodeMetadata(added))
  const removed = [...changes.keys()].map((name): [string, null] => [name, null])
  return new Map<string, ArrayRecord | null>([...removed, ...records.map(record => [record.name, record] as const)])
}

/** The arrays that an operation changes, as the store read them. */
export class ChangedArrays {
  readonly #store: Store
  readonly #bitmapStates: ReadonlyMap<string, string>

  constructor(store: Store, names: Iterable<string>) {
    this.#store = store
    // The file of a new array was not read.
    const stateWhenRead = (name: string): string => store.opened(name)?.bitmapState ?? this.#bitmapState(name)
    this.#bitmapStates = new Map(Array.from(names, name => [name, stateWhenRead(name)]))
  }

  /** Throws `CHANGED_ON_DISK` if another program, which has no lock, saved one of them or dropped rows of it. */
  checkUnchanged(): void {
    const { folder, path, metadataState } = this.#store
    for (const [name, state] of this.#bitmapStates) {
      if (this.#bitmapState(name) !== state) throw changedMeanwhile(path, name)
    }
    if (metadataStateIn(folder) !== metadataState) readUnlessChanged(this.#store, this.#bitmapStates.keys())
  }

  #bitmapState(name: string): string {
    return stateOf(findFile(this.#store.folder, bitmapFileOf(name)))
  }
}

const changedMeanwhile = (path: string, array: string): NumPackError =>
  new NumPackError(
    'CHANGED_ON_DISK',
    `array '${array}' in ${path} was changed by another program while it was being written. Look at what is there now and try again.`,
    { path, array },
  )

const keepsChanging = (path: string): NumPackError =>
  new NumPackError(
    'CHANGED_ON_DISK',
    `Another program saves to ${path} again and again; nothing was changed. Wait for it or end it, then try again.`,
    { path },
  )
