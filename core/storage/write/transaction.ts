import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { type ArrayRecord, encodeMetadata, type RecordToWrite } from '../../format/metadata.ts'
import { bitmapFileOf, METADATA_FILE } from '../../format/names.ts'
import { decodeSegments } from '../../format/segments.ts'
import { freeLater, SYNC_BYTES } from '../background.ts'
import {
  createFile,
  isTemporary,
  OutputFile,
  removeEmptyFolder,
  removeFile,
  renameFile,
  syncFolder,
  temporaryIn,
  tryToRemove,
} from '../files.ts'
import { findFile } from '../folder.ts'
import { sizeOf } from '../indexing.ts'
import {
  encodeIntent,
  findIntent,
  type Intent,
  INTENT_FILE,
  type IntendedBitmap,
  intendedBitmap,
  intendedRows,
} from '../intent.ts'
import { itemsize } from '../../format/dtype.ts'
import { withLock } from '../lock.ts'
import type { Store } from '../store.ts'
import { noteWrite } from '../writes.ts'
import { writeRuns } from './runs.ts'
import { isUnsettled, type Placed, placeTogether, settle } from './together.ts'

/**
 * How a store changes. Every operation takes these steps in this order; what it doesn't need it leaves out.
 *
 * 1. The lock; what an interrupted operation left is finished or removed; metadata and bitmaps are read again.
 * 2. The intent: which files the operation makes and gives up, and which bitmap belongs to which new record (intent.ts).
 * 3. New data, in files that no record names yet, or behind the rows that an array has (`append`); synced. New bitmaps
 *    and metadata in temporary files; synced. Up to here the store is as before, and an error leaves it so.
 * 4. Metadata and bitmaps are put in place: one file by a rename, several at one moment (together.ts); the folder is
 *    synced. That is the moment at which the operation is done, for all of its arrays.
 * 5. Files given up are removed, then the intent.
 *
 * A process killed anywhere leaves the old or the new state, for this project's readers and for NumPack, with these
 * exceptions:
 *
 * - `replace` writes into the data: all new rows into the intent (that is its moment), then into the array's file. For
 *   NumPack, which doesn't know intents, a file in which only some of the rows are written is neither state; it sees
 *   the rest when the next writer opens the store. No order of steps helps: NumPack finds row r at byte r × row bytes
 *   of the one file that the record names, so that rows apart from each other change together only if that whole file
 *   is written anew, however large, and every array that is open on it becomes `CHANGED_ON_DISK`.
 * - Edits in place (WritableBatch) are not all or nothing for anyone.
 * - On Windows, and on disks without symbolic links, step 4 renames the files one after another, the metadata first.
 *   This project's readers go by the intent. NumPack may see new data through an old bitmap (save, update, remove and
 *   reset of arrays with deleted rows), or some of several arrays changed, until the next writer opens the store. Of an
 *   append to an array with deleted rows it sees the old rows meanwhile, because it goes by the bitmap alone.
 *
 * An operation on several bitmaps alone (`drop` of several arrays) is done for this project's readers when the intent is
 * on disk, which binds them to the records that are there.
 */

/** Microseconds since 1970; never the same twice in this process, so that each record is another one. */
export function timestamp(): number {
  lastTimestamp = Math.max(lastTimestamp + 1, Math.floor((performance.timeOrigin + performance.now()) * 1000))
  return lastTimestamp
}

let lastTimestamp = 0

/** A record of a new state of an array. */
export type NewRecord = Exclude<RecordToWrite, { raw: Uint8Array }>

/** What an operation changes, all at once. */
export interface Changes {
  /** New records; null takes the array away. */
  readonly records?: ReadonlyMap<string, NewRecord | null>
  /** New bitmap files; null removes it. */
  readonly bitmaps?: ReadonlyMap<string, Uint8Array | null>
  /** Files that the operation makes (they are removed when it fails), relative to the store. */
  readonly created?: readonly string[]
  /** Files that no array needs afterwards. */
  readonly givenUp?: readonly string[]
}

/** A store that is locked for one operation. */
export interface Writing {
  readonly store: Store
  /** Absolute path of the folder. */
  readonly folder: string
}

/** Runs one operation as the only writer, on the store as it is on disk now. What it changed is seen at the next look. */
export function writing<T>(store: Store, work: (writing: Writing) => T): T {
  return withLock(store.path, () => {
    recover(store)
    store.refresh()
    return work({ store, folder: store.path })
  })
}

/** Steps 2 to 5. `prepare` is step 3's data; it makes `changes.created` and nothing else that lasts. */
export function commit({ store, folder }: Writing, changes: Changes, prepare: () => void = () => {}): void {
  const { records, bitmaps = new Map(), created = [] } = changes
  const removed = [...(records ?? [])].filter(([, record]) => record === null).map(([name]) => bitmapFileOf(name))
  const givenUp = [...(changes.givenUp ?? []), ...removed]
  const encoded = records === undefined ? null : encodeRecords(store.records, records)
  const intent = intentOf(store, { ...changes, givenUp }, encoded?.raws ?? new Map())
  const temporaries = new Map<string, string>()
  const intentPath = join(folder, INTENT_FILE)
  let renamed: string[] = []
  const before = new Map<string, Uint8Array | null>()
  try {
    if (intent !== null) createFile(intentPath, encodeIntent(intent), intent.bitmaps.length > 0)
    prepare()
    const put = (file: string, bytes: Uint8Array): void => {
      const temporary = temporaryIn(folder)
      temporaries.set(file, temporary)
      createFile(temporary, [bytes])
    }
    for (const [name, bitmap] of bitmaps) if (bitmap !== null) put(bitmapFileOf(name), bitmap)
    if (encoded !== null) put(METADATA_FILE, encoded.bytes)
    if (intent !== null) syncFolder(folder)
    const steps = [...(encoded === null ? [] : [METADATA_FILE]), ...Array.from(bitmaps.keys(), bitmapFileOf)]
    for (const file of steps) before.set(file, currentBytes(store, file))
    renamed = steps
    placeTogether(
      folder,
      steps.map(file => ({ file, temporary: temporaries.get(file) ?? null })),
    )
  } catch (error) {
    const restored = renamed.length === 0 || putBack(folder, before)
    for (const temporary of temporaries.values()) tryToRemove(temporary)
    if (restored) {
      for (const file of created) tryToRemove(join(folder, file))
      for (const part of new Set(created.map(dirname))) if (part !== '.') removeEmptyFolder(join(folder, part))
      tryToRemove(intentPath)
    }
    throw error
  } finally {
    if (records !== undefined) noteWrite(store.folder.realPath)
    for (const name of [...(records?.keys() ?? []), ...bitmaps.keys()]) noteWrite(store.folder.realPath, name)
  }
  removeGivenUp(store, givenUp)
  if (intent !== null) tryToRemove(intentPath)
}

function currentBytes(store: Store, file: string): Uint8Array | null {
  const found = findFile(store.folder, file)
  return found.kind === 'file' ? store.folder.pool.readFile(found.path).bytes : null
}

/** Undoes step 4 as far as the disk lets us. Returns whether all is as before. */
function putBack(folder: string, before: ReadonlyMap<string, Uint8Array | null>): boolean {
  let complete = true
  try {
    settle(folder)
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    complete = false
  }
  for (const [file, bytes] of [...before].reverse()) {
    const path = join(folder, file)
    const temporary = temporaryIn(folder)
    try {
      if (bytes === null) removeFile(path)
      else {
        createFile(temporary, [bytes])
        renameFile(temporary, path)
      }
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
      tryToRemove(temporary)
      complete = false
    }
  }
  return complete
}

function encodeRecords(
  current: readonly ArrayRecord[],
  changes: ReadonlyMap<string, NewRecord | null>,
): { bytes: Uint8Array; raws: ReadonlyMap<string, Uint8Array> } {
  const kept = current.filter(record => !changes.has(record.name))
  const added = [...changes].flatMap(([name, record]) => (record === null ? [] : [[name, record] as const]))
  const raws = new Map(added.map(([name, record]) => [name, encodeMetadata([record]).subarray(METADATA_HEADER_BYTES)]))
  return { bytes: encodeMetadata([...kept, ...added.map(([, record]) => record)]), raws }
}

/** A record alone is what follows the header of a list of one. */
const METADATA_HEADER_BYTES = 20

/** What has to be said beforehand; null where one rename does all. */
function intentOf(store: Store, changes: Changes, raws: ReadonlyMap<string, Uint8Array>): Intent | null {
  const { bitmaps = new Map<string, Uint8Array | null>(), created = [], givenUp = [] } = changes
  const bound: IntendedBitmap[] = []
  for (const [name, bitmap] of bitmaps) {
    const isManyBitmaps = changes.records === undefined && bitmaps.size > 1
    const record = isManyBitmaps ? currentRecord(store, name) : raws.get(name)
    if (record !== undefined) bound.push({ name, record, bitmap })
  }
  const files = [...created, ...givenUp]
  return bound.length === 0 && files.length === 0 ? null : { bitmaps: bound, rows: [], files }
}

const currentRecord = (store: Store, name: string): Uint8Array | undefined =>
  store.records.find(record => record.name === name)?.raw

/** Step 1: finishes or undoes what a writer that died left, and removes its temporary files. */
export function recover(store: Store): void {
  const { folder } = store
  settle(folder.path)
  const pending = findIntent(folder, null)
  if (pending !== null) {
    store.refresh()
    const { intent } = pending
    const placed: Placed[] = []
    for (const record of store.records) {
      const bitmap = intendedBitmap(intent, record)
      const rows = intendedRows(intent, record)
      if (bitmap !== undefined) placed.push(intendedFile(folder.path, record.name, bitmap.bitmap))
      if (rows !== undefined) finishRows(store, record.name, rows)
      if (bitmap !== undefined || rows !== undefined) noteWrite(folder.realPath, record.name)
    }
    placeTogether(folder.path, placed)
    removeGivenUp(store, intent.files)
  }
  for (const file of readdirSync(folder.path)) {
    if (file === INTENT_FILE || isTemporary(file)) tryToRemove(join(folder.path, file))
    else if (isOldLeftover(folder.path, file)) tryToRemove(join(folder.path, file))
  }
}

/**
 * On opening a store for writing: what a writer that died left is finished, so that NumPack too sees it whole. Where
 * that is not possible now (another writer is at work, the folder can only be read), readers go by the intent.
 */
export function finishInterrupted(store: Store): void {
  if (findIntent(store.folder, null) === null && !isUnsettled(store.path)) return
  try {
    withLock(store.path, () => recover(store), 0)
    store.refresh()
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
  }
}

/** NumPack's own temporary files are in use for seconds; after this long their program has died. */
const OLD_MS = 10 * 60 * 1000

function isOldLeftover(folder: string, file: string): boolean {
  if (!/^metadata\.npkm\.tmp\.|^data_.*\.tmp$/s.test(file)) return false
  const stat = statSync(join(folder, file), { throwIfNoEntry: false })
  return stat !== undefined && stat.isFile() && Date.now() - stat.mtimeMs > OLD_MS
}

function intendedFile(folder: string, name: string, bitmap: Uint8Array | null): Placed {
  const file = bitmapFileOf(name)
  if (bitmap === null) return { file, temporary: null }
  const temporary = temporaryIn(folder)
  createFile(temporary, [bitmap])
  return { file, temporary }
}

function finishRows(store: Store, name: string, rows: NonNullable<ReturnType<typeof intendedRows>>): void {
  const info = store.get(name)
  if (info === undefined || info.damaged !== null) return
  writeRuns(store.folder.path, store.reader(name).source, rows)
}

/** Removes those of the files that no array uses. What can't be removed now is said to be a leftover later. */
function removeGivenUp(store: Store, files: readonly string[]): void {
  if (files.length === 0) return
  store.refresh()
  const used = new Set(store.records.flatMap(record => [...filesOf(store, record), bitmapFileOf(record.name)]))
  // On Windows an open file can't be removed; readers open theirs again.
  if (process.platform === 'win32') store.folder.pool.closeAll()
  for (const file of files) {
    const found = findFile(store.folder, file)
    if (used.has(file) || found.kind !== 'file') continue
    if (found.stat.size < SYNC_BYTES) tryToRemove(found.path)
    else freeLater(found.path, () => tryToRemove(found.path))
    if (dirname(file) !== '.') removeEmptyFolder(join(store.path, dirname(file)))
  }
}

/** The data files of an array (a segmented one's list and segments), relative to the store, as far as they are known. */
export function filesOf(store: Store, record: ArrayRecord): string[] {
  const found = record.problem === null ? findFile(store.folder, record.dataFile) : null
  if (found === null || found.kind !== 'file') return [record.dataFile]
  if (!record.dataFile.endsWith('.npkseg') || record.dtype === null) return [record.dataFile]
  const rowBytes = sizeOf(record.shape.slice(1)) * itemsize(record.dtype)
  const segments = decodeSegments(store.folder.pool.readFile(found.path).bytes, record.shape[0] ?? 1, rowBytes)
  return typeof segments === 'string' ? [record.dataFile] : [record.dataFile, ...segments.map(({ file }) => file)]
}

/** Opens a new file of the store; its path must be in `created` of the changes. */
export const newFile = ({ folder }: Writing, file: string): OutputFile => new OutputFile(join(folder, file), 'create')
