import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import type { RecordToWrite } from '../../format/metadata.ts'
import { LIMITS } from '../../format/limits.ts'
import { bitmapFileOf, METADATA_FILE } from '../../format/names.ts'
import type { FileAccess } from '../../system/file-access.ts'
import { accessLike } from '../read/access-like.ts'
import { type BitmapOwner, readBitmapState } from '../read/bitmap-state.ts'
import { findFile } from '../read/folder.ts'
import { createFile, OutputFile, syncFolder, temporaryIn, tryToRemove } from '../../system/files.ts'
import { pathInside } from '../../system/entry-name.ts'
import { type FileStat, fileState, statPath } from '../../system/file-stat.ts'
import { encodeWriteLog, type WriteLog, WRITE_LOG_FILE, type LoggedBitmap } from '../read/write-log.ts'
import { isStillLocked, lockStore } from '../../system/lock.ts'
import { checkReplaceable } from '../read/switch.ts'
import type { Store } from '../read/store.ts'
import { incrementWriteCount } from '../read/write-counter.ts'
import { attempt, FileBackup } from './file-backup.ts'
import { accessOfArray, accessOfBitmap } from './data-files.ts'
import { ChangedArrays, createEmptyStore, NewMetadata } from './new-metadata.ts'
import { isOwnFile, removeObsoleteFiles } from './obsolete-files.ts'
import { recover, type RecoverOptions } from './recover.ts'
import { replaceAtomically } from './replace-files.ts'

/**
 * How a store changes. Every operation takes those of these steps that it needs, in this order.
 *
 * 1. Take the lock, finish or undo an interrupted operation, read metadata and bitmaps again.
 * 2. Write the write log: created and obsolete files, and the bitmap of each new record.
 * 3. Write and sync new data, into files that no record names yet or behind an array's last row (`append`), and new
 *    bitmaps and metadata, into temporary files. An error up to here leaves the store as before.
 * 4. Replace metadata and bitmaps: one file by a rename, several atomically (replace-files.ts). Sync the folder. This
 *    is the commit.
 * 5. Remove the obsolete files, then the write log.
 *
 * A process killed anywhere leaves the old or the new state, for NumPack too, except:
 *
 * - `replace` writes all new rows into the write log (the commit), then into the data file. NumPack, which doesn't know
 *   write logs, sees some of them until the next writer opens the store. Only rewriting the whole file would help,
 *   however large, and would make every open array on it `CHANGED_ON_DISK`.
 * - Edits in place (WritableBatch) are not atomic for anyone.
 * - On Windows, and on disks without symbolic links, step 4 renames one file after another, the metadata first. This
 *   project's readers go by the write log. Until the next writer opens the store, NumPack may see new data through an
 *   old bitmap, some of several arrays changed, or none of the rows appended to an array with deleted rows.
 *
 * An operation on bitmaps alone (`drop` of several arrays) is committed for this project's readers by the write log.
 */

/** Microseconds since 1970; never the same twice in this process, so that records differ. */
export function timestamp(): number {
  lastTimestamp = Math.max(lastTimestamp + 1, Math.floor((performance.timeOrigin + performance.now()) * 1000))
  return lastTimestamp
}

let lastTimestamp = 0

export type NewRecord = Exclude<RecordToWrite, { raw: Uint8Array }>

/** The changes of an operation, committed together. */
export interface Changes {
  /** null removes the array. */
  readonly records?: ReadonlyMap<string, NewRecord | null>
  /** null removes the bitmap file. */
  readonly bitmaps?: ReadonlyMap<string, Uint8Array | null>
  /** Files that the operation is to make, relative to the store. */
  readonly created?: readonly string[]
  readonly obsoleteFiles?: readonly string[]
}

export interface Writing {
  readonly store: Store
  readonly folder: string
  /** Files that the operation has made so far, relative to the store. */
  readonly made: string[]
}

/**
 * Runs one operation as the only writer. `store` then has its names and these arrays (all: null) as on disk now.
 * `isGivenUp` says of which arrays the operation needs no rows, because it removes them.
 */
export function writing<T>(
  store: Store,
  names: Iterable<string> | null,
  work: (writing: Writing) => T,
  isGivenUp?: RecoverOptions['isGivenUp'],
): T {
  const lock = lockForWriting(store, isGivenUp)
  let isDone = false
  try {
    if (names === null) store.refresh()
    else store.refreshArrays(names)
    const result = work({ store, folder: store.path, made: [] })
    isDone = true
    return result
  } finally {
    lock[Symbol.dispose]()
    // A failed operation may leave temporary files.
    if (!isDone) leftFolders.delete(store)
  }
}

/** Takes the lock and does the rest of step 1 that comes before reading. */
export function lockForWriting(store: Store, isGivenUp?: RecoverOptions['isGivenUp']): Disposable {
  const isAsLeft = leftFolders.get(store) === folderState(store)
  leftFolders.delete(store)
  const lock = lockStore(store.path, { identity: store.identity })
  try {
    recover(store, { isAsLeft, ...(isGivenUp && { isGivenUp }) })
  } catch (error) {
    lock[Symbol.dispose]()
    throw error
  }
  return {
    [Symbol.dispose]: () => {
      lock[Symbol.dispose]()
      leftFolders.set(store, folderState(store))
    },
  }
}

/** States of stores' folders when this thread released their locks. */
const leftFolders = new WeakMap<Store, string | null>()

/** Returns null if the folder can't be looked at. */
function folderState({ path }: Store): string | null {
  try {
    return fileState(statPath(path))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}

/** Does steps 2 to 5. `prepare` writes the data of step 3, and creates only `changes.created` and temporary files. */
export function commit({ store, folder, made }: Writing, changes: Changes, prepare: () => void = () => {}): void {
  const { records, bitmaps = new Map() } = changes
  const removed = [...(records ?? [])].filter(([, record]) => record === null).map(([name]) => bitmapFileOf(name))
  const obsoleteFiles = [...(changes.obsoleteFiles ?? []), ...removed].filter(isOwnFile)
  checkReplaceable(folder, Array.from(bitmaps.keys(), bitmapFileOf))
  if (records !== undefined && store.metadataState === null) createEmptyStore(store)
  const metadata = records === undefined ? null : new NewMetadata(store, records)
  const changedArrays = new ChangedArrays(store, new Set([...(records?.keys() ?? []), ...bitmaps.keys()]))
  const writeLog = encodeToWrite(makeWriteLog(store, { ...changes, obsoleteFiles }, metadata))
  const temporaries = new Map<string, string>()
  const writeLogPath = join(folder, WRITE_LOG_FILE)
  let renamed: string[] = []
  let before: FileBackup | null = null
  let metadataState = ''
  try {
    if (writeLog !== null)
      createFile(writeLogPath, writeLog.parts, { access: accessLike(store.folder), synced: writeLog.binds })
    prepare()
    const put = (file: string, bytes: Uint8Array, access: FileAccess | null): FileStat => {
      const temporary = temporaryIn(folder)
      temporaries.set(file, temporary)
      return createFile(temporary, [bytes], { access })
    }
    for (const [name, bitmap] of bitmaps) {
      if (bitmap !== null) put(bitmapFileOf(name), bitmap, accessOfBitmap(store, name))
    }
    const putMetadata = ({ bytes }: NewMetadata): void => {
      metadataState = fileState(put(METADATA_FILE, bytes, accessLike(store.folder)))
    }
    if (metadata !== null) putMetadata(metadata)
    if (writeLog !== null) syncFolder(folder)
    const steps = [...(metadata === null ? [] : [METADATA_FILE]), ...Array.from(bitmaps.keys(), bitmapFileOf)]
    before = new FileBackup(store, steps)
    while (metadata?.takeOver() === true) {
      tryToRemove(temporaries.get(METADATA_FILE) as string)
      putMetadata(metadata)
      before[Symbol.dispose]()
      before = new FileBackup(store, steps)
    }
    changedArrays.checkUnchanged()
    if (!isStillLocked(folder)) throw replacedMeanwhile(folder)
    renamed = steps
    replaceAtomically(
      folder,
      steps.map(file => ({ file, temporary: temporaries.get(file) ?? null })),
    )
  } catch (error) {
    // If the lock's folder was replaced, the files at this path belong to another writer.
    const isHere = isStillLocked(folder)
    const restored = !isHere || renamed.length === 0 || before?.rollBack() === true
    for (const temporary of temporaries.values()) tryToRemove(temporary)
    if (!isHere) throw replacedMeanwhile(folder, error)
    if (!restored) throw doneAllTheSame(error)
    // A file that this operation was still to make may by now be one of NumPack's, and so may one that it made.
    attempt(() => removeObsoleteFiles(store, made))
    tryToRemove(writeLogPath)
    if (writeLog?.binds === true && isThere(writeLogPath)) throw doneAllTheSame(error)
    throw error
  } finally {
    before?.[Symbol.dispose]()
    if (records !== undefined) incrementWriteCount(store.folder.realPath)
    for (const name of [...(records?.keys() ?? []), ...bitmaps.keys()]) incrementWriteCount(store.folder.realPath, name)
  }
  // The operation is done: an error would say that it is not. If this fails, the next operation reads the metadata.
  if (metadata !== null)
    attempt(() => (metadata.hasOthers ? store.refreshRecords() : store.adopt(metadata.records, metadataState)))
  removeObsoleteFiles(store, obsoleteFiles)
  if (writeLog !== null) tryToRemove(writeLogPath)
}

const replacedMeanwhile = (folder: string, cause?: unknown): NumPackError =>
  new NumPackError(
    'CHANGED_ON_DISK',
    `${folder} was moved, removed or replaced while it was being written to. Look at what is there now and try again.`,
    { path: folder },
    cause,
  )

/** True for a dangling link, too. */
export const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

/** Extends the error of an operation that could be neither finished nor rolled back. */
export function doneAllTheSame(error: unknown): unknown {
  if (!(error instanceof NumPackError)) return error
  return new NumPackError(
    error.code,
    `${error.message} The disk did not take the operation back either: it may be done all the same, now or when the store ` +
      'is next opened to be written to. Look at the store before you repeat it.',
    { ...error.details, mayBeDone: true },
    error,
  )
}

/** Returns null if one rename does everything. */
function makeWriteLog(store: Store, changes: Changes, metadata: NewMetadata | null): WriteLog | null {
  const { bitmaps = new Map<string, Uint8Array | null>(), created = [], obsoleteFiles = [] } = changes
  const changesBitmapsOnly = changes.records === undefined && bitmaps.size > 1
  const bound: LoggedBitmap[] = []
  for (const [name, bitmap] of bitmaps) {
    const record = (changesBitmapsOnly ? store.findRecord(name) : metadata?.records.get(name))?.raw
    const owner = changes.records?.get(name) ?? store.findRecord(name)
    if (record !== undefined && owner) bound.push({ name, record, bitmap, ...oldBitmap(store, owner) })
  }
  const files = [...created, ...obsoleteFiles]
  return bound.length === 0 && files.length === 0 ? null : { bitmaps: bound, rows: [], files }
}

/** Returns nothing if the file can't be read. */
function oldBitmap(store: Store, owner: BitmapOwner): Pick<LoggedBitmap, 'old'> {
  const found = findFile(store.folder, bitmapFileOf(owner.name))
  return found.kind === 'file' || found.kind === 'missing' ? { old: readBitmapState(store.folder, owner, found) } : {}
}

/** Encodes a write log, and returns whether it binds bitmaps to records. Throws `ARGUMENT` if it is too large. */
function encodeToWrite(writeLog: WriteLog | null): { parts: Uint8Array[]; binds: boolean } | null {
  if (writeLog === null) return null
  const binds = writeLog.bitmaps.length > 0
  const parts = encodeWriteLog(writeLog)
  const [, header] = parts
  if (header !== undefined && header.length > LIMITS.writeLogHeaderBytes && writeLog.files.length > 0) {
    // Without the names, the files of a killed process are reported but not removed.
    return binds ? encodeToWrite({ ...writeLog, files: [] }) : null
  }
  const bytes = parts.reduce((sum, part) => sum + part.length, 0)
  if (bytes <= LIMITS.writeLogBytes && (header?.length ?? 0) <= LIMITS.writeLogHeaderBytes) return { parts, binds }
  throw new NumPackError(
    'ARGUMENT',
    'These are too many deleted rows to change at once. Change fewer arrays at a time.',
    {
      bytes,
    },
  )
}

/** Creates a data file with the permissions of the array `like`. `created` of the changes must name it. */
export function newFile({ store, folder, made }: Writing, file: string, like: string): OutputFile {
  const output = OutputFile.create(pathInside(folder, file), accessOfArray(store, store.findRecord(like)))
  made.push(file)
  return output
}
