import { basename, dirname, join } from 'node:path'
import { lstatSync, readFileSync, realpathSync } from 'node:fs'
import { NumPackError } from '../format/errors.ts'
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
import { changedOnDisk } from '../system/handles.ts'
import { HeldFolder } from '../system/held-folder.ts'
import { encodeIntent, findIntent, INTENT_FILE } from '../storage/read/intent.ts'
import { isStillLocked, lockStore } from '../system/lock.ts'
import { openStore } from '../storage/read/store.ts'
import { isPlaced } from '../storage/read/switch.ts'
import { type Placed, placeTogether, settle } from '../storage/write/together.ts'
import { finishInterrupted } from '../storage/write/transaction.ts'
import { noteWrite } from '../storage/read/writes.ts'
import { storeContent } from './overwriting.ts'

/**
 * Puts the files of an unpacked store in the place of those of a store that is there, as its only writer.
 *
 * Not the folders are exchanged but their content, at one moment, as every operation on a store is done (together.ts):
 *
 * - Node has no call that exchanges two folders (Linux: renameat2). With two renames there is no store in between; a
 *   program killed there leaves none, and a writer that opens the path then makes an empty one.
 * - The writers' lock is a file in the folder. A folder that comes from elsewhere brings another lock: a writer that
 *   waits for the old one and a writer that opens the path would both believe that they are alone.
 * - What is left by a process that is killed is what any writer leaves: every reader sees the old store or the new one,
 *   and the next writer clears up. The folder's own mode and owner stay, and it may be where a disk is mounted.
 *
 * Where there are no links the files can't change together. There the data comes under names that are free, a metadata
 * file that names them is the moment, and an intent says which bitmaps go with it: as when arrays are saved.
 */
export function replaceStore(
  target: HeldFolder,
  from: HeldFolder,
  names: readonly string[],
  check: () => void = () => {},
): void {
  const folder = target.root
  const lock = lockSoon(target, check)
  try {
    if (!isStillLocked(folder) || !target.isInPlace) throw changedOnDisk(target.path, 'another folder took its place')
    finishWriter(folder)
    const { files, segments } = storeContent(folder)
    const old = files.filter(file => file !== LOCK_FILE && file !== `${LOCK_FILE}-journal`)
    const given = new Set(names)
    const access = accessOf(lstatSync(from.at(METADATA_FILE)))
    const gone = old.filter(file => !given.has(file))
    if (hasLinks(from)) {
      if (segments.length > 0) announce(folder, { bitmaps: [], files: segments }, access)
      placeAtOnce(folder, [
        ...names.map(file => ({ file, temporary: from.at(file) })),
        ...gone.filter(isPlaced).map(file => ({ file, temporary: null })),
      ])
      for (const file of gone) if (!isPlaced(file)) tryToRemove(join(folder, file))
    } else placeOneByOne(folder, from, names, { old: new Set(old), gone, segments, access })
    removeSegments(target, segments)
    tryToRemove(join(folder, INTENT_FILE))
    noteWrite(realpathSync.native(folder))
  } finally {
    lock[Symbol.dispose]()
  }
}

/** Removes segments, each from the folder that it lies in and not from one that a link in its place leads to. */
function removeSegments(target: HeldFolder, segments: readonly string[]): void {
  for (const name of new Set(segments.map(dirname))) {
    using parent = HeldFolder.open(target, name)
    if (parent === null) continue
    for (const file of segments) if (dirname(file) === name) tryToRemove(parent.at(basename(file)))
    removeEmptyFolder(target.at(name))
  }
}

/** A restore waits longer than a save: what was unpacked would have to be unpacked again. */
const WAIT_MS = 60_000
/** A program that saves in a loop leaves the lock for less than a millisecond at a time: who seldom looks gets it never. */
const LOOK_MS = 3

/** Takes the writers' lock. Throws `IO` when others keep it for too long, and what `check` throws. */
function lockSoon(target: HeldFolder, check: () => void): Disposable {
  const giveUpAt = performance.now() + WAIT_MS
  for (;;) {
    check()
    try {
      return lockStore(target.root, { waitMs: LOOK_MS, identity: target.stat })
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

/**
 * Finishes what a writer that died left. Its intent must go before new records come, which may be the very ones that it
 * is for. A store that can't be read has nothing to lose by that.
 */
function finishWriter(folder: string): void {
  try {
    const store = openStore(folder)
    finishInterrupted(store)
    if (findIntent(store.folder, null) !== null) throw unfinished(folder)
  } catch (error) {
    if (!(error instanceof NumPackError) || error.details['unfinished'] === true) throw error
  }
  settle(folder)
  removeFile(join(folder, INTENT_FILE))
}

const unfinished = (folder: string): NumPackError =>
  new NumPackError(
    'IO',
    `${folder} can't be replaced: a write to it was interrupted and can't be finished now. Check that the disk has space and that you may write to the folder.`,
    { path: folder, unfinished: true },
  )

function hasLinks(folder: HeldFolder): boolean {
  if (process.platform === 'win32') return false
  const [hard, symbolic] = [folder.at(temporaryName()), folder.at(temporaryName())]
  try {
    disk.link(folder.at(METADATA_FILE), hard)
    disk.symlink(METADATA_FILE, symbolic)
    return true
  } catch {
    return false
  } finally {
    tryToRemove(hard)
    tryToRemove(symbolic)
  }
}

function placeAtOnce(folder: string, files: readonly Placed[]): void {
  try {
    placeTogether(folder, files)
  } catch (error) {
    // What is there is whole, one way or the other; it need not stay links until somebody writes.
    try {
      settle(folder)
    } catch (again) {
      if (!(again instanceof NumPackError)) throw again
    }
    throw error
  }
}

function announce(folder: string, intent: Omit<Parameters<typeof encodeIntent>[0], 'rows'>, access: FileAccess): void {
  createFile(join(folder, INTENT_FILE), encodeIntent({ rows: [], ...intent }), { access })
}

interface OldFiles {
  readonly old: ReadonlySet<string>
  readonly gone: readonly string[]
  readonly segments: readonly string[]
  /** Who may read what is written for them. */
  readonly access: FileAccess
}

const isBitmap = (file: string): boolean => arrayOfBitmapFile(file) !== undefined

function placeOneByOne(
  folder: string,
  from: HeldFolder,
  names: readonly string[],
  { old, gone, segments, access }: OldFiles,
): void {
  const data = names.filter(file => file !== METADATA_FILE && !isBitmap(file))
  const taken = data.filter(file => old.has(file))
  const free = freeNames(taken, new Set([...old, ...names]))
  const { records } = decodeMetadata(readFileSync(from.at(METADATA_FILE)), from.at(METADATA_FILE))
  const metadata = encodeMetadata(records.map(record => renamed(record, free)))
  const given = new Set(names)
  const bitmaps = decodeMetadata(metadata, from.at(METADATA_FILE)).records.flatMap(({ name, raw }) => {
    const file = bitmapFileOf(name)
    if (given.has(file)) return { name, record: raw, bitmap: readFileSync(from.at(file)) }
    return old.has(file) ? { name, record: raw, bitmap: null } : []
  })
  const givenUp = [...gone.filter(file => file !== METADATA_FILE), ...taken]
  const files = [...data.map(file => free.get(file) ?? file), ...givenUp, ...segments]
  announce(folder, { bitmaps, files }, access)
  syncFolder(folder)
  for (const file of data) renameFile(from.at(file), join(folder, free.get(file) ?? file))
  const temporary = from.at(temporaryName())
  createFile(temporary, [metadata], { access })
  syncFolder(folder)
  placeTogether(folder, [
    { file: METADATA_FILE, temporary },
    ...names.filter(isBitmap).map(file => ({ file, temporary: from.at(file) })),
    ...gone.filter(isBitmap).map(file => ({ file, temporary: null })),
  ])
  for (const file of givenUp) tryToRemove(join(folder, file))
}

/** A free name for each data file whose own one is taken. */
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

/** The record with its data file's new name. What is damaged stays as it is. */
function renamed(record: ArrayRecord, free: ReadonlyMap<string, string>): ArrayRecord | RecordToWrite {
  const dataFile = free.get(record.dataFile)
  if (dataFile === undefined || record.problem !== null || record.dtype === null) return record
  const { name, shape, lastModified, sizeBytes, dtype } = record
  return { name, shape, lastModified, sizeBytes, dtype, dataFile }
}
