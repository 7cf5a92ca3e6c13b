import { constants, lstatSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { METADATA_FILE } from '../../format/names.ts'
import { isEntryName, isInside, leadsOut, partsOf } from '../../system/entry-name.ts'
import { type FileStat, fileState, lstatIfThere } from '../../system/file-stat.ts'
import type { HandlePool } from '../../system/handles.ts'
import { HeldFolder } from '../../system/held-folder.ts'
import { atHeld } from '../../system/held-stores.ts'
import type { MemoryShare } from '../../system/memory-share.ts'
import type { StoredArray } from './array.ts'
import type { PendingWriteLog } from './write-log.ts'
import { ioError, isErrno } from '../../system/io-error.ts'
import { isLink, type OpenedFile, openPlain } from '../../system/plain-file.ts'
import { isSwitchLink, linkAt, openShown } from './switch.ts'

/** Bytes of bitmaps, which stay in memory, and of segment lists. */
export interface HeldBytes {
  readonly bitmaps: number
  readonly segmentLists: number
}

export const NOTHING_HELD: HeldBytes = { bitmaps: 0, segmentLists: 0 }

export interface StoreFolder {
  /** Absolute path, as the user named it. */
  readonly path: string
  readonly realPath: string
  readonly pool: HandlePool
  /** Whether the user allowed links in place of the store's files to be followed. Only readers follow them. */
  followsLinks?: boolean
  /** Write log of a writer that is active or died, as of the last refresh. */
  pending?: PendingWriteLog | null
  /** Memory that the store's arrays hold, as of the last refresh; bounded by `LIMITS`. */
  held?: HeldBytes
  /** Memory of the store beside that of the others that this thread has open. */
  memory?: { readonly bitmaps: MemoryShare; readonly writeLogs: MemoryShare }
  /** The arrays as of the last refresh. No function in its place: V8 would collect closed stores late. */
  arrays?: ReadonlyMap<string, StoredArray>
}

export type FoundFile =
  | {
      readonly kind: 'file'
      readonly path: string
      readonly stat: FileStat
      /** The subfolder of the store that holds the file, if any. */
      readonly parent?: FileStat
    }
  | { readonly kind: 'missing' }
  /** The path leads out of the store or through a symbolic link. */
  | { readonly kind: 'outside' }
  | { readonly kind: 'other' }

/** Attempts to find or open a file that writers keep replacing. */
const MAX_LOOKS = 100

/**
 * Finds a file by its path relative to the store; one behind a link that is followed, under its own path. By default
 * only the engine's own links are followed (switch.ts). Throws `IO`.
 */
export function findFile(folder: StoreFolder, relative: string): FoundFile {
  if (!isInside(relative)) return { kind: 'outside' }
  const path = join(folder.path, relative)
  try {
    const found = isEntryName(relative)
      ? findDirect(folder.path, relative, path)
      : findInside(folder.path, partsOf(relative), path)
    return found.kind === 'outside' && folder.followsLinks === true ? findLinked(path) : found
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENAMETOOLONG')) return { kind: 'missing' }
    throw ioError(error, path, 'open')
  }
}

/** Key that differs when a file was replaced or written to. */
export const stateOf = (file: FoundFile): string => (file.kind === 'file' ? fileState(file.stat) : file.kind)

/** Returns the `fileState` of the metadata file; null if there is none. */
export function metadataStateIn(folder: StoreFolder): string | null {
  const found = findFile(folder, METADATA_FILE)
  return found.kind === 'file' ? fileState(found.stat) : null
}

/** Reads at most `most` bytes; refuses (`DAMAGED`) or cuts a longer file. Throws `NOT_FOUND`, `PATH_ESCAPE` or `IO`. */
export function readStoreFile(
  folder: StoreFolder,
  relative: string,
  most: number,
  longer: 'refuse' | 'cut' = 'refuse',
): { bytes: Uint8Array; stat: FileStat } {
  const path = join(folder.path, relative)
  const opened = folder.pool.opening(path, () => openStoreFile(folder, relative))
  return folder.pool.readOpened(opened, path, most, longer)
}

const READ = constants.O_RDONLY

/** Opens a file for reading; follows the links that `findFile` does. Throws as `readStoreFile`, and system errors. */
export function openStoreFile(folder: StoreFolder, relative: string): OpenedFile {
  if (!isInside(relative)) throw leadsOut(folder.path, relative)
  const path = join(folder.path, relative)
  try {
    return openOwn(folder.path, relative, path)
  } catch (error) {
    const isBehindLink = error instanceof NumPackError && error.code === 'PATH_ESCAPE'
    if (isBehindLink && folder.followsLinks === true) return openPlain(realpathSync.native(path), READ)
    throw error
  }
}

function openOwn(folder: string, relative: string, path: string): OpenedFile {
  const names = partsOf(relative)
  if (names.length > 1) {
    using parent = openParent(folder, names)
    if (parent instanceof HeldFolder) return openPlain(parent.at(names.at(-1) as string), READ, path)
    throw parent.kind === 'missing' ? new NumPackError('NOT_FOUND', `${path} is not there.`, { path }) : isLink(path)
  }
  for (let looks = 1; ; looks++) {
    const link = linkAt(path)
    try {
      if (link === null) return openPlain(atHeld(path), READ, path)
      if (!isSwitchLink(folder, relative)) throw isLink(path)
      using part = openShown(folder)
      if (part === null) throw isLink(path)
      return openPlain(part.at(relative), READ, path)
    } catch (error) {
      if (linkAt(path) === link || looks === MAX_LOOKS) throw error
    }
  }
}

function lookAt(path: string, shown: string): FoundFile {
  const stat = lstatIfThere(atHeld(path))
  if (stat === undefined) return { kind: 'missing' }
  if (stat.isSymbolicLink()) return { kind: 'outside' }
  return stat.isFile() ? { kind: 'file', path: shown, stat } : { kind: 'other' }
}

function findDirect(folder: string, file: string, path: string): FoundFile {
  const found = lookAt(path, path)
  return found.kind === 'outside' ? findShown(folder, file, path) : found
}

function findLinked(link: string): FoundFile {
  const path = realpathSync.native(link)
  return lookAt(path, path)
}

/** Finds a file whose name was a link a moment ago. */
function findShown(folder: string, file: string, path: string): FoundFile {
  for (let looks = 1; ; looks++) {
    const link = linkAt(path)
    if (link === null) {
      const found = lookAt(path, path)
      if (found.kind !== 'outside' || looks === MAX_LOOKS) return found
      continue
    }
    const found = isSwitchLink(folder, file) ? lookAtShown(folder, file, path) : null
    if (found?.kind === 'file') return found
    if (linkAt(path) === link || looks === MAX_LOOKS) return found ?? { kind: 'outside' }
  }
}

function lookAtShown(folder: string, file: string, path: string): FoundFile | null {
  using part = openShown(folder)
  return part === null ? null : lookAt(part.at(file), path)
}

function findInside(folder: string, names: readonly string[], path: string): FoundFile {
  using parent = openParent(folder, names)
  if (!(parent instanceof HeldFolder)) return parent
  const found = lookAt(parent.at(names.at(-1) as string), path)
  return found.kind === 'file' ? { ...found, parent: parent.stat } : found
}

type NoFolder = { readonly kind: 'missing' | 'outside' } & Disposable

function openParent(folder: string, names: readonly string[]): HeldFolder | NoFolder {
  let parent: HeldFolder | null = null
  for (const name of names.slice(0, -1)) {
    const inner: HeldFolder | null = HeldFolder.open(parent ?? folder, name)
    const isThere =
      inner !== null || lstatSync(parent?.at(name) ?? atHeld(join(folder, name)), { throwIfNoEntry: false })
    parent?.[Symbol.dispose]()
    if (inner === null) return { kind: isThere === undefined ? 'missing' : 'outside', [Symbol.dispose]: () => {} }
    parent = inner
  }
  return parent as HeldFolder
}
