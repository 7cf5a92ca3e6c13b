import { constants, lstatSync, statfsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { isDataFile } from '../../format/names.ts'
import { SYNC_BYTES } from '../../system/incremental-sync.ts'
import { unlinkAndFreeInBackground } from '../../system/unlink-and-free-in-background.ts'
import { accessOf } from '../../system/file-access.ts'
import {
  disk,
  OutputFile,
  removeEmptyFolder,
  renameFile,
  syncFolder,
  syncHeld,
  temporaryIn,
  tryToRemove,
} from '../../system/files.ts'
import { isInside, pathInside } from '../../system/entry-name.ts'
import { bytesInUse } from '../read/array.ts'
import { findFile, type StoreFolder } from '../read/folder.ts'
import { PooledFile } from '../../system/handles.ts'
import { HeldFolder } from '../../system/held-folder.ts'
import { atHeld } from '../../system/held-stores.ts'
import { type FileIdentity, identityOf, isSameFile, lstatPath } from '../../system/file-stat.ts'
import type { Patience } from '../../system/insist.ts'
import { ioError, writeError } from '../../system/io-error.ts'
import { isLink, openPlain } from '../../system/plain-file.ts'
import { plainFile } from '../read/overlay.ts'
import type { SourcePart } from '../read/source.ts'
import { BUFFER_BYTES, copyBytes } from './copy-rows.ts'

/** Type (statfs) of overlayfs, the file system of containers. */
const OVERLAY = 0x794c7630

/**
 * Makes an array's files safe to change in place. A file with other hard links (snapshots by cp -al, rsync --link-dest)
 * is replaced by a copy, and open readers switch to it; also to the copy that overlayfs makes. Throws `PATH_ESCAPE` for
 * a file that is not named as data files are.
 */
export function ownFiles(folder: StoreFolder, parts: Iterable<SourcePart>): void {
  let inUse: ReadonlyMap<string, number> | undefined
  const isOverlay = process.platform === 'linux' && isOnOverlay(folder)
  for (const part of parts) {
    if (!isDataFile(part.name)) {
      throw new NumPackError(
        'PATH_ESCAPE',
        `${part.file.path} is not written to: its name is not one that data files have, and it may be somebody's own. ` +
          'Save the array under a new name.',
        { path: part.file.path },
      )
    }
    const file = plainFile(part.file)
    const stat = lstatSync(file.path, { throwIfNoEntry: false })
    if (stat?.isFile() !== true || !(file instanceof PooledFile)) continue
    if (isOverlay) copyUp(file)
    if (stat.nlink <= 1) continue
    inUse ??= bytesInUse(folder)
    copyOver(folder, part, file, Math.max(part.bytes, inUse.get(part.name) ?? 0))
  }
}

function isOnOverlay({ path }: StoreFolder): boolean {
  try {
    return statfsSync(atHeld(path)).type === OVERLAY
  } catch (error) {
    throw ioError(error, path, 'open')
  }
}

/** Opens a file for writing, so that overlayfs copies it now: the copy may have another identity. */
function copyUp(file: PooledFile): void {
  const { path, identity } = file
  try {
    const before = lstatPath(atHeld(path))
    const { fd, stat } = openPlain(path, constants.O_RDWR, path, disk.open)
    disk.close(fd)
    const isCopy = stat.size === before.size && stat.mtimeNs === before.mtimeNs
    if (isSameFile(before, identity) && isCopy && !isSameFile(stat, identity)) file.replacedBy(identityOf(stat))
    else file.close()
  } catch (error) {
    throw writeError(error, path, 'open')
  }
}

/** Longest tail of a data file that is copied with a small array. A store may have many. */
const TAIL_BYTES = 2 ** 20

/**
 * Number of bytes of a data file to keep. What follows the bytes in use may be rows that an open NumPack has appended
 * and not yet counted; a longer tail can't be told from one that came with the store.
 */
const bytesToKeep = (inUse: number, size: number): number =>
  size <= Math.max(2 * inUse, inUse + TAIL_BYTES) ? size : inUse

function copyOver(folder: StoreFolder, part: SourcePart, file: PooledFile, bytes: number): void {
  const { stat } = file
  const temporary = temporaryIn(folder.path)
  try {
    const copied = copyTo(temporary, file, bytesToKeep(bytes, stat.size))
    // Windows does not replace open files.
    file.close()
    putInPlace(folder.path, temporary, part.name)
    file.replacedBy(copied)
  } catch (error) {
    tryToRemove(temporary)
    throw error
  }
}

/** Closes the copy before it is renamed: other programs may not let an open file go. */
function copyTo(path: string, file: PooledFile, bytes: number): FileIdentity {
  using copy = OutputFile.create(path, accessOf(file.stat))
  copyBytes(file, copy, new Uint8Array(Math.min(BUFFER_BYTES, bytes)), 0, bytes, 0)
  copy.resize(bytes)
  copy.sync()
  return identityOf(copy.stat)
}

function putInPlace(folder: string, temporary: string, name: string): void {
  const path = pathInside(folder, name)
  if (dirname(name) === '.') {
    renameFile(temporary, path)
    syncFolder(folder)
    return
  }
  using parent = heldFolderOf(folder, name)
  renameFile(temporary, parent.at(basename(name)), path)
  syncHeld(parent)
}

/** Throws `PATH_ESCAPE` if the segment's folder is none. */
export function heldFolderOf(folder: string, segment: string): HeldFolder {
  const held = HeldFolder.open(folder, dirname(segment))
  if (held === null) throw isLink(join(folder, dirname(segment)))
  return held
}

/** Best effort: removes a file of the store (a link, not its target), and the folder of a last segment. */
export function removeOwn(folder: StoreFolder, file: string, patience: Patience): void {
  if (!isInside(file)) return
  const found = findFile(folder, file)
  if (found.kind === 'missing' || found.kind === 'other') return
  const remove = (path: string): void => {
    if (found.kind === 'file' && found.stat.size >= SYNC_BYTES)
      unlinkAndFreeInBackground(path, () => tryToRemove(path, patience))
    else tryToRemove(path, patience)
  }
  if (dirname(file) === '.') {
    remove(join(folder.path, file))
    return
  }
  using parent = HeldFolder.open(folder.path, dirname(file))
  if (parent === null) return
  remove(parent.at(basename(file)))
  removeEmptyFolder(join(folder.path, dirname(file)), patience)
}
