import { basename, dirname, join } from 'node:path'
import { realpathSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { type ArrayRecord, decodeMetadata, encodeMetadata, type RecordToWrite } from '../format/metadata.ts'
import { arrayOfBitmapFile, bitmapFileOf, LOCK_FILE, METADATA_FILE } from '../format/names.ts'
import { accessOf, type FileAccess } from '../system/file-access.ts'
import {
  createFile,
  disk,
  removeEmptyFolder,
  removeFile,
  renameFile,
  syncFolder,
  temporaryName,
  tryToRemove,
} from '../system/files.ts'
import { changedOnDisk, handles } from '../system/handles.ts'
import { HeldFolder } from '../system/held-folder.ts'
import { Patience } from '../system/insist.ts'
import { encodeWriteLog, hasWriteLog, type WriteLog, WRITE_LOG_FILE } from '../storage/read/write-log.ts'
import { isWithoutLinks } from '../system/io-error.ts'
import { isStillLocked, lockStore } from '../system/lock.ts'
import { openStore } from '../storage/read/store.ts'
import { isReplaceable } from '../storage/read/switch.ts'
import { attempt } from '../storage/write/file-backup.ts'
import { finishReplacement, replaceAtomically } from '../storage/write/replace-files.ts'
import { recoverOnOpen } from '../storage/write/recover.ts'
import { incrementWriteCount } from '../storage/read/write-counter.ts'
import { storeContent } from './overwriting.ts'

/**
 * Replaces a store's files by those of an unpacked one, as its only writer. Keeps the folder:
 *
 * - Node can't exchange two folders (renameat2). A process killed between two renames would leave no store.
 * - The lock is a file in the folder. With another folder, two writers could both believe that they are alone.
 * - A killed process leaves what any writer leaves, for the next one to clean up. The folder may be a mount point.
 *
 * Without links the data gets unused names, as when arrays are saved: the rename of the metadata is the commit, and a
 * write log says which bitmaps belong to it.
 */
export function replaceStore(
  target: HeldFolder,
  from: HeldFolder,
  names: readonly string[],
  check: () => void = () => {},
): void {
  const folder = target.root
  const lock = lockWithin(target, check)
  try {
    if (!isStillLocked(folder) || !target.isInPlace) throw changedOnDisk(target.path, 'another folder took its place')
    finishWriter(folder)
    const arrayFiles = [...filesOfArrays(join(folder, METADATA_FILE)), ...filesOfArrays(from.at(METADATA_FILE))]
    const { files, segments, segmentFolders } = storeContent(folder, new Set(arrayFiles))
    const old = files.filter(file => file !== LOCK_FILE && file !== `${LOCK_FILE}-journal`)
    const given = new Set(names)
    const { bytes: metadata, stat } = handles.readFile(from.at(METADATA_FILE), LIMITS.metadataBytes)
    const access = accessOf(stat)
    const gone = old.filter(file => !given.has(file))
    try {
      if (hasLinks(from)) {
        if (segments.length > 0) createWriteLog(folder, { bitmaps: [], files: segments }, access)
        replaceAtomically(folder, [
          ...names.map(file => ({ file, temporary: from.at(file) })),
          ...gone.filter(isReplaceable).map(file => ({ file, temporary: null })),
        ])
        const patience = new Patience()
        for (const file of gone) if (!isReplaceable(file)) tryToRemove(join(folder, file), patience)
      } else replaceOneByOne(folder, from, names, { metadata, old: new Set(old), gone, segments, access })
    } catch (error) {
      // The store is consistent either way. Finish or undo the replacement now rather than at the next write.
      attempt(() => finishWriter(folder))
      throw error
    }
    removeSegments(target, segmentFolders, segments)
    tryToRemove(join(folder, WRITE_LOG_FILE))
    incrementWriteCount(realpathSync.native(folder))
  } finally {
    lock[Symbol.dispose]()
  }
}

/** Returns the names of the files of a store's arrays; none where its metadata can't be read. */
function filesOfArrays(metadata: string): string[] {
  try {
    const { records } = decodeMetadata(handles.readFile(metadata, LIMITS.metadataBytes).bytes)
    return records.flatMap(({ name, dataFile }) => [dataFile, bitmapFileOf(name)])
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    return []
  }
}

/** Removes segments from their own folders, never through a link that has taken a folder's place. */
function removeSegments(target: HeldFolder, folders: readonly string[], segments: readonly string[]): void {
  const byFolder = Map.groupBy(segments, file => dirname(file))
  const patience = new Patience()
  for (const name of folders) {
    using parent = HeldFolder.open(target, name)
    if (parent === null) continue
    for (const file of byFolder.get(name) ?? []) tryToRemove(parent.at(basename(file)), patience)
    removeEmptyFolder(target.at(name), patience)
  }
}

/** A restore waits longer than a save, because a failure wastes the unpacking. */
const WAIT_MS = 60_000
/** Pause between attempts. A program that saves in a loop releases the lock for less than a millisecond at a time. */
const RETRY_MS = 3

function lockWithin(target: HeldFolder, check: () => void): Disposable {
  const giveUpAt = performance.now() + WAIT_MS
  for (;;) {
    check()
    try {
      return lockStore(target.root, { waitMs: RETRY_MS, identity: target.stat })
    } catch (error) {
      const isLocked = error instanceof NumPackError && error.details['reason'] === 'LOCKED'
      if (!isLocked) throw error
      if (performance.now() > giveUpAt) throw lockedFor(target.root, error)
    }
  }
}

const lockedFor = (folder: string, cause: unknown): NumPackError =>
  new NumPackError(
    'IO',
    `${folder} is being written to by another program of this kind, for more than ${WAIT_MS / 1000} s. Wait for it or end it, then unpack again; nothing was changed.`,
    { path: folder, reason: 'LOCKED' },
    cause,
  )

/** Finishes a dead writer's operation. Its write log must go before new records, which it might match. */
function finishWriter(folder: string): void {
  try {
    const store = openStore(folder)
    try {
      recoverOnOpen(store)
    } finally {
      store.close()
    }
    if (hasWriteLog(store.folder)) throw unfinished(folder)
  } catch (error) {
    if (!(error instanceof NumPackError) || error.details['unfinished'] === true) throw error
  }
  finishReplacement(folder)
  removeFile(join(folder, WRITE_LOG_FILE))
}

const unfinished = (folder: string): NumPackError =>
  new NumPackError(
    'IO',
    `${folder} can't be replaced: a write to it was interrupted and can't be finished now. Check that the disk has space and that you may write to the folder, or unpack under another name.`,
    { path: folder, unfinished: true },
  )

function hasLinks(folder: HeldFolder): boolean {
  if (process.platform === 'win32') return false
  const file = temporaryName()
  const [path, hard, symbolic] = [folder.at(file), folder.at(temporaryName()), folder.at(temporaryName())]
  try {
    createFile(path, [], { access: 'owner', synced: false })
    disk.link(path, hard)
    disk.symlink(file, symbolic)
    return true
  } catch (error) {
    if (isWithoutLinks(error)) return false
    throw error
  } finally {
    for (const made of [path, hard, symbolic]) tryToRemove(made)
  }
}

function createWriteLog(folder: string, writeLog: Omit<WriteLog, 'rows'>, access: FileAccess): void {
  createFile(join(folder, WRITE_LOG_FILE), encodeWriteLog({ rows: [], ...writeLog }), { access })
}

interface Replaced {
  readonly metadata: Uint8Array
  readonly old: ReadonlySet<string>
  readonly gone: readonly string[]
  readonly segments: readonly string[]
  readonly access: FileAccess
}

const isBitmap = (file: string): boolean => arrayOfBitmapFile(file) !== undefined

function replaceOneByOne(
  folder: string,
  from: HeldFolder,
  names: readonly string[],
  { metadata: unpacked, old, gone, segments, access }: Replaced,
): void {
  const data = names.filter(file => file !== METADATA_FILE && !isBitmap(file))
  const taken = data.filter(file => old.has(file))
  const free = freeNames(taken, new Set([...old, ...names]))
  const { records } = decodeMetadata(unpacked, from.at(METADATA_FILE))
  const metadata = encodeMetadata(records.map(record => renamed(record, free)))
  const given = new Set(names)
  const bitmaps = decodeMetadata(metadata, from.at(METADATA_FILE)).records.flatMap(({ name, raw }) => {
    const file = bitmapFileOf(name)
    if (given.has(file)) return { name, record: raw, bitmap: handles.readFile(from.at(file)).bytes }
    return old.has(file) ? { name, record: raw, bitmap: null } : []
  })
  const obsoleteFiles = [...gone.filter(file => file !== METADATA_FILE), ...taken]
  const files = [...data.map(file => free.get(file) ?? file), ...obsoleteFiles, ...segments]
  createWriteLog(folder, { bitmaps, files }, access)
  syncFolder(folder)
  for (const file of data) renameFile(from.at(file), join(folder, free.get(file) ?? file))
  const temporary = from.at(temporaryName())
  createFile(temporary, [metadata], { access })
  syncFolder(folder)
  replaceAtomically(folder, [
    { file: METADATA_FILE, temporary },
    ...names.filter(isBitmap).map(file => ({ file, temporary: from.at(file) })),
    ...gone.filter(isBitmap).map(file => ({ file, temporary: null })),
  ])
  const patience = new Patience()
  for (const file of obsoleteFiles) tryToRemove(join(folder, file), patience)
}

/** Returns an unused name for each data file whose own name is taken. */
function freeNames(files: readonly string[], taken: Set<string>): ReadonlyMap<string, string> {
  return new Map(
    files.map(file => {
      const stem = file.slice(0, -'.npkd'.length)
      let free = file
      for (let k = 1; taken.has(free); k++) free = `${stem}~${k}.npkd`
      taken.add(free)
      return [file, free]
    }),
  )
}

/** Returns the record with its data file's new name. Keeps a damaged record as it is. */
function renamed(record: ArrayRecord, free: ReadonlyMap<string, string>): ArrayRecord | RecordToWrite {
  const dataFile = free.get(record.dataFile)
  if (dataFile === undefined || record.problem !== null || record.dtype === null) return record
  const { name, shape, lastModified, sizeBytes, dtype } = record
  return { name, shape, lastModified, sizeBytes, dtype, dataFile }
}
