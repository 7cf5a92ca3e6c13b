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
import { listFolder } from '../../system/list-folder.ts'
import {
  checkPlaced,
  CURRENT,
  currentPart,
  isPlaced,
  isSwitchLink,
  linkTextOf,
  PARTS,
  SWITCH_FOLDER,
} from '../read/switch.ts'

/**
 * Puts several files of a store in place at one moment, for every program that opens the store afterwards: NumPack
 * reads metadata and bitmaps under fixed names, and of these two no single rename replaces both. So they all lead, for
 * a moment, through one symbolic link, and that is what a rename replaces (Kubernetes updates mounted ConfigMaps so):
 *
 * 1. `old/` gets the files that are there (as hard links), `new/` those that come; `current` is a link to `old`.
 * 2. Each file becomes a link to `current/<file>`: what is read stays the same. One that is not there yet leads nowhere.
 * 3. `current` becomes a link to `new`. That is the moment.
 * 4. Each file becomes a file again, and the folder goes.
 *
 * A process killed anywhere leaves links that show the old or the new files, and `settle` finishes step 4. On Windows,
 * and on disks without links, the files are put in place one after another.
 *
 * The folder of a switch may have come with the store, or be exchanged by somebody else who may write to it: it is worked
 * in only while it is held (HeldFolder), and only what step 1 makes is taken up or removed.
 */

/** What a file of a store becomes. */
export interface Placed {
  readonly file: string
  /** Path of what takes its place; null where there shall be none. */
  readonly temporary: string | null
}

/** What disks without hard or symbolic links say, and systems that don't allow them. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'])

/**
 * Puts files in place, synced ones, and syncs their folder. At one moment where links are possible; else in this order.
 * Throws `PATH_ESCAPE` for a file that the engine does not place, before anything is done.
 */
export function placeTogether(folder: string, files: readonly Placed[]): void {
  checkPlaced(
    folder,
    files.map(({ file }) => file),
  )
  if (files.length < 2 || process.platform === 'win32' || !switched(folder, files)) {
    for (const { file, temporary } of files) {
      if (temporary === null) removeFile(join(folder, file))
      else renameFile(temporary, join(folder, file))
    }
    syncFolder(folder)
    return
  }
  settle(folder)
}

/** Steps 1 to 3. Returns whether the disk has links; if not, all is as before. */
function switched(folder: string, files: readonly Placed[]): boolean {
  using own = madeFolder(folder, SWITCH_FOLDER)
  using old = madePart(own, 'old')
  using coming = madePart(own, 'new')
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
    if (!(error instanceof NumPackError) || !NO_LINKS.has(String(error.details['errno']))) throw error
    settle(folder)
    return false
  }
  for (const { file, temporary } of files) {
    if (temporary !== null) renameFile(temporary, coming.at(file), join(coming.path, file))
  }
  for (const part of [old, coming, own]) syncHeld(part)
  syncFolder(folder)
  pointTo(own, 'new')
  syncHeld(own)
  return true
}

/** Makes a folder. Throws `EXISTS` where something else has its name. */
function madeFolder(parent: string | HeldFolder, name: string): HeldFolder {
  const path = join(typeof parent === 'string' ? parent : parent.path, name)
  makeSubfolder(typeof parent === 'string' ? path : parent.at(name), path)
  const folder = HeldFolder.open(parent, name)
  if (folder !== null) return folder
  throw inTheWay(path)
}

/** Makes a folder that is empty. Throws `EXISTS` where something is left in it that the engine did not put there. */
function madePart(own: HeldFolder, name: string): HeldFolder {
  const part = madeFolder(own, name)
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

/** Whether a writer left files that are links. */
export const isUnsettled = (folder: string): boolean =>
  lstatSync(join(folder, SWITCH_FOLDER), { throwIfNoEntry: false })?.isDirectory() === true

/**
 * Step 4, of this or of a writer that died: what the links show becomes files. Does nothing where no switch is left, or
 * one whose parts are not what the engine makes.
 */
export function settle(folder: string): void {
  using own = HeldFolder.open(folder, SWITCH_FOLDER)
  if (own === null) return
  const links = listFolder(folder).filter(file => isSwitchLink(folder, file))
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

/** Removes the files that the engine puts into a part, and the part if nothing else is in it. */
function removePart(own: HeldFolder, name: string): void {
  using part = HeldFolder.open(own, name)
  if (part === null) return
  for (const file of part.entries()) if (isPlaced(file)) tryToRemove(part.at(file))
  removeEmptyFolder(own.at(name))
}
