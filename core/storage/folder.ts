import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import type { HandlePool } from './handles.ts'
import type { PendingIntent } from './intent.ts'
import { ioError, isErrno } from './ioerror.ts'

/** Bytes that are read of arrays before their data is asked for. */
export interface HeldBytes {
  /** These stay in memory. */
  readonly bitmaps: number
  readonly segmentLists: number
}

export const NOTHING_HELD: HeldBytes = { bitmaps: 0, segmentLists: 0 }

/** The folder of a store. */
export interface StoreFolder {
  /** As the user named it, absolute. */
  readonly path: string
  /** With symbolic links resolved. */
  readonly realPath: string
  readonly pool: HandlePool
  /** What a writer is doing, or was doing when it died, as of the last look. */
  pending?: PendingIntent | null
  /** What all arrays of the store hold, as of the last look: `LIMITS` bounds it. */
  held?: HeldBytes
}

/** A file of a store, looked at without opening it. */
export type FoundFile =
  | { readonly kind: 'file'; readonly path: string; readonly stat: Stats }
  | { readonly kind: 'missing' }
  /** A symbolic link leads out of the store. */
  | { readonly kind: 'outside' }
  /** A folder, a pipe or a device. */
  | { readonly kind: 'other' }

/** Looks at a file by its path relative to the store, which must have passed `staysInside`. Throws `IO`. */
export function findFile(folder: StoreFolder, relative: string): FoundFile {
  const path = join(folder.path, relative)
  try {
    let stat = lstatSync(path, { throwIfNoEntry: false })
    if (stat === undefined) return { kind: 'missing' }
    if (stat.isSymbolicLink() || /[/\\]/.test(relative)) {
      if (!realpathSync.native(path).startsWith(folder.realPath + sep)) return { kind: 'outside' }
      stat = statSync(path)
    }
    return stat.isFile() ? { kind: 'file', path, stat } : { kind: 'other' }
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { kind: 'missing' }
    throw ioError(error, path, 'open')
  }
}

/** What of a file's stat changes when the file does. */
export const fingerprintOf = (file: FoundFile): string =>
  file.kind === 'file' ? `${file.stat.dev}:${file.stat.ino}:${file.stat.size}:${file.stat.mtimeMs}` : file.kind
