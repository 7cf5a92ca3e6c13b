import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import {
  isTemporary,
  linkFile,
  linkSymbolically,
  makeSubfolder,
  removeEmptyFolder,
  removeFile,
  renameFile,
  syncFolder,
  syncHeld,
  temporaryName,
  tryToRemove,
} from '../../system/files.ts'
import { HeldFolder } from '../../system/held-folder.ts'
import { isWithoutLinks } from '../../system/io-error.ts'
import { listFolder } from '../../system/list-folder.ts'
import {
  checkReplaceable,
  CURRENT,
  currentPart,
  isReplaceable,
  isSwitchLink,
  linkTextOf,
  PARTS,
  SWITCH_FOLDER,
} from '../read/switch.ts'

/**
 * Replaces several files of a store atomically, also for NumPack, which reads metadata and bitmaps under fixed names.
 * For a short time all of them lead through one symbolic link, which a rename replaces (as Kubernetes updates mounted
 * ConfigMaps):
 *
 * 1. `old/` gets hard links of the present files, `new/` the new ones; `current` is a link to `old`.
 * 2. Each file becomes a link to `current/<file>`: readers see no change. A new file's link leads nowhere yet.
 * 3. `current` becomes a link to `new`. This rename is the commit.
 * 4. Each link becomes a plain file again, and the folder is removed.
 *
 * If a process is killed, `finishReplacement` does step 4. On Windows, and on disks without links, the files are
 * replaced one after another.
 *
 * The folder may have come with the store or be exchanged by another user: the engine works in it only while it holds
 * it (HeldFolder), and uses or removes only what step 1 makes.
 */

export interface FileReplacement {
  readonly file: string
  /** null removes the file. */
  readonly temporary: string | null
}

/**
 * Replaces files by synced ones and syncs their folder: atomically where links are possible, else in this order. Throws
 * `PATH_ESCAPE`, before any change, for a file that the engine does not replace.
 */
export function replaceAtomically(folder: string, files: readonly FileReplacement[]): void {
  checkReplaceable(
    folder,
    files.map(({ file }) => file),
  )
  if (files.length < 2 || process.platform === 'win32' || !switchFiles(folder, files)) {
    for (const { file, temporary } of files) {
      if (temporary === null) removeFile(join(folder, file))
      else renameFile(temporary, join(folder, file))
    }
    syncFolder(folder)
    return
  }
  finishReplacement(
    folder,
    files.map(({ file }) => file),
  )
}

/** Steps 1 to 3. Returns false, with all files as before, if the disk has no links. */
function switchFiles(folder: string, files: readonly FileReplacement[]): boolean {
  using own = makeFolder(folder, SWITCH_FOLDER)
  using old = makePart(own, 'old')
  using next = makePart(own, 'new')
  try {
    for (const { file } of files) {
      const path = join(folder, file)
      const isFile = lstatSync(path, { throwIfNoEntry: false })?.isFile() === true
      if (isFile) linkFile(path, old.at(file), join(old.path, file))
    }
    pointTo(own, 'old')
    for (const { file } of files) {
      const temporary = temporaryName()
      linkSymbolically(linkTextOf(file), own.at(temporary), join(own.path, temporary))
      renameFile(own.at(temporary), join(folder, file))
    }
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    if (error.details['action'] !== 'create' || !isWithoutLinks(error.cause)) throw error
    finishReplacement(folder)
    return false
  }
  for (const { file, temporary } of files) {
    if (temporary !== null) renameFile(temporary, next.at(file), join(next.path, file))
  }
  for (const part of [old, next, own]) syncHeld(part)
  syncFolder(folder)
  pointTo(own, 'new')
  syncHeld(own)
  return true
}

/** Throws `EXISTS` if something else has the name. */
function makeFolder(parent: string | HeldFolder, name: string): HeldFolder {
  const path = join(typeof parent === 'string' ? parent : parent.path, name)
  makeSubfolder(typeof parent === 'string' ? path : parent.at(name), path)
  const folder = HeldFolder.open(parent, name)
  if (folder !== null) return folder
  throw inTheWay(path)
}

/** Throws `EXISTS` if the folder exists and is not empty. */
function makePart(own: HeldFolder, name: string): HeldFolder {
  const part = makeFolder(own, name)
  if (part.entries().length === 0) return part
  part[Symbol.dispose]()
  throw inTheWay(part.path)
}

const inTheWay = (path: string): NumPackError =>
  new NumPackError(
    'EXISTS',
    `${path} is in the way: writing needs a folder of this name for a moment, and this is none of its own. Remove it.`,
    { path },
  )

function pointTo(own: HeldFolder, part: 'old' | 'new'): void {
  const temporary = temporaryName()
  linkSymbolically(part, own.at(temporary), join(own.path, temporary))
  renameFile(own.at(temporary), own.at(CURRENT), join(own.path, CURRENT))
}

/** Whether a writer left a replacement before step 4. */
export const hasUnfinishedReplacement = (folder: string): boolean =>
  lstatSync(join(folder, SWITCH_FOLDER), { throwIfNoEntry: false })?.isDirectory() === true

/**
 * Step 4, also of a writer that died; `files` are the replaced ones, if known. Does nothing unless links and folder are
 * as the engine makes them.
 */
export function finishReplacement(folder: string, files?: readonly string[]): void {
  using own = HeldFolder.open(folder, SWITCH_FOLDER)
  if (own === null) return
  const links = (files ?? listFolder(folder)).filter(file => isSwitchLink(folder, file))
  if (links.length > 0) {
    const current = currentPart(own)
    using shown = current === null ? null : HeldFolder.open(own, current)
    if (shown === null) return
    for (const file of links) {
      const path = join(folder, file)
      if (lstatSync(shown.at(file), { throwIfNoEntry: false })?.isFile() === true)
        renameFile(shown.at(file), path, path)
      else removeFile(path)
    }
  }
  syncFolder(folder)
  for (const part of PARTS) removePart(own, part)
  for (const file of own.entries()) if (file === CURRENT || isTemporary(file)) tryToRemove(own.at(file))
  removeEmptyFolder(join(folder, SWITCH_FOLDER))
}

/** Removes the engine's files, and the part if it is empty then. */
function removePart(own: HeldFolder, name: string): void {
  using part = HeldFolder.open(own, name)
  if (part === null) return
  for (const file of part.entries()) if (isReplaceable(file)) tryToRemove(part.at(file))
  removeEmptyFolder(own.at(name))
}
