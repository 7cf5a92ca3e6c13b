import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { isArrayFile, METADATA_FILE } from '../../format/names.ts'
import { HeldFolder } from '../../system/held-folder.ts'
import { identityKey, lstatIfThere } from '../../system/file-stat.ts'
import { atHeld } from '../../system/held-stores.ts'

/**
 * Folder of the links that replace several files atomically (write/replace-files.ts). Only these links are followed
 * inside a store, and only if exactly as the engine makes them: others may lead anywhere.
 */
export const SWITCH_FOLDER = 'numpack-explorer.switch.tmp'
export const CURRENT = 'current'
export const PARTS = ['old', 'new'] as const

/** Whether the engine replaces files of this name: metadata, bitmaps and data in the store's own folder. */
export const isReplaceable = (file: string): boolean =>
  file === METADATA_FILE ||
  (isArrayFile(file) && !/[/\\\0]/.test(file) && Buffer.byteLength(file) <= LIMITS.fileNameBytes)

/** Throws `PATH_ESCAPE` unless all files are replaceable: metadata and write logs may name files outside the store. */
export function checkReplaceable(folder: string, files: Iterable<string>): void {
  for (const file of files) {
    if (isReplaceable(file)) continue
    throw new NumPackError(
      'PATH_ESCAPE',
      `${JSON.stringify(file.slice(0, LIMITS.fileNameBytes))} is no name that ${folder} has a file of its own under. It is not written or removed.`,
      { path: folder },
    )
  }
}

export const linkTextOf = (file: string): string => `${SWITCH_FOLDER}/${CURRENT}/${file}`

export const isSwitchLink = (folder: string, file: string): boolean =>
  isReplaceable(file) && textOf(join(folder, file)) === linkTextOf(file)

function textOf(path: string): string | null {
  try {
    return readlinkSync(atHeld(path))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}

/** Returns the part that `current` leads to; null if it is not a link that the engine makes. */
export function currentPart(own: HeldFolder): (typeof PARTS)[number] | null {
  const text = textOf(own.at(CURRENT))
  return PARTS.find(part => part === text) ?? null
}

export function openShown(folder: string): HeldFolder | null {
  using own = HeldFolder.open(folder, SWITCH_FOLDER)
  const part = own === null ? null : currentPart(own)
  return own === null || part === null ? null : HeldFolder.open(own, part)
}

/** Key of the link at a path, null if there is none. While it stays, the files are where they were. */
export function linkAt(path: string): string | null {
  const stat = lstatIfThere(atHeld(path))
  return stat?.isSymbolicLink() === true ? `${identityKey(stat)} ${stat.ctimeNs}` : null
}
