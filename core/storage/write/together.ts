import { existsSync, lstatSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import {
  linkFile,
  linkSymbolically,
  makeSubfolder,
  removeEmptyFolder,
  removeFile,
  renameFile,
  syncFolder,
  temporaryIn,
  tryToRemove,
} from '../files.ts'

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
 */
const FOLDER = 'numpack-explorer.switch.tmp'
const CURRENT = 'current'

/** What a file of a store becomes. */
export interface Placed {
  readonly file: string
  /** Path of what takes its place; null where there shall be none. */
  readonly temporary: string | null
}

/** What disks without hard or symbolic links say, and systems that don't allow them. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK'])

/** Puts files in place, synced ones, and syncs their folder. At one moment where links are possible; else in this order. */
export function placeTogether(folder: string, files: readonly Placed[]): void {
  if (files.length < 2 || process.platform === 'win32' || !linked(folder, files)) {
    for (const { file, temporary } of files) {
      if (temporary === null) removeFile(join(folder, file))
      else renameFile(temporary, join(folder, file))
    }
    syncFolder(folder)
    return
  }
  const own = join(folder, FOLDER)
  for (const part of [join(own, 'old'), join(own, 'new'), own, folder]) syncFolder(part)
  pointTo(own, 'new')
  syncFolder(own)
  settle(folder)
}

/** Steps 1 and 2. Returns whether the disk has links; if not, all is as before. */
function linked(folder: string, files: readonly Placed[]): boolean {
  const own = join(folder, FOLDER)
  try {
    for (const part of [own, join(own, 'old'), join(own, 'new')]) makeSubfolder(part)
    for (const { file } of files) {
      if (existsSync(join(folder, file))) linkFile(join(folder, file), join(own, 'old', file))
    }
    pointTo(own, 'old')
    for (const { file } of files) {
      const temporary = temporaryIn(own)
      linkSymbolically(`${FOLDER}/${CURRENT}/${file}`, temporary)
      renameFile(temporary, join(folder, file))
    }
  } catch (error) {
    if (!(error instanceof NumPackError) || !NO_LINKS.has(String(error.details['errno']))) throw error
    settle(folder)
    return false
  }
  for (const { file, temporary } of files) if (temporary !== null) renameFile(temporary, join(own, 'new', file))
  return true
}

function pointTo(own: string, part: 'old' | 'new'): void {
  const temporary = temporaryIn(own)
  linkSymbolically(part, temporary)
  renameFile(temporary, join(own, CURRENT))
}

/** Whether a writer left files that are links. */
export const isUnsettled = (folder: string): boolean => existsSync(join(folder, FOLDER))

/** Step 4, of this or of a writer that died: what the links show becomes files. Does nothing where no link is left. */
export function settle(folder: string): void {
  const own = join(folder, FOLDER)
  if (!existsSync(own)) return
  for (const file of readdirSync(folder)) {
    const path = join(folder, file)
    if (!leadsThrough(path)) continue
    const target = join(own, CURRENT, file)
    if (existsSync(target)) renameFile(target, path)
    else removeFile(path)
  }
  syncFolder(folder)
  for (const part of ['old', 'new']) removeFolder(join(own, part))
  removeFolder(own)
}

const leadsThrough = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(path).startsWith(`${FOLDER}/`)

function removeFolder(path: string): void {
  if (!existsSync(path)) return
  for (const file of readdirSync(path)) tryToRemove(join(path, file))
  removeEmptyFolder(path)
}
