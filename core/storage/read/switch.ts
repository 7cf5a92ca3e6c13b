import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { isArrayFile, METADATA_FILE } from '../../format/names.ts'
import { HeldFolder } from '../../system/held-folder.ts'
import { inodeKey, lstatIfThere } from '../../system/file-stat.ts'
import { atHeld } from '../../system/held-stores.ts'

/**
 * The links by which the engine puts several files of a store in place at one moment (write/together.ts): the only ones
 * that are followed inside a store, and only where each part is exactly what the engine makes. What else lies there was
 * put there by somebody else, and may lead anywhere.
 */
export const SWITCH_FOLDER = 'numpack-explorer.switch.tmp'
export const CURRENT = 'current'
export const PARTS = ['old', 'new'] as const

/** Whether the engine puts files of this name in place together with others. */
export const isPlaced = (file: string): boolean =>
  file === METADATA_FILE ||
  (isArrayFile(file) && !/[/\\\0]/.test(file) && Buffer.byteLength(file) <= LIMITS.fileNameBytes)

/** Throws `PATH_ESCAPE` for a file that is not one of those: a name in the metadata or an intent may lead out of the store. */
export function checkPlaced(folder: string, files: Iterable<string>): void {
  for (const file of files) {
    if (isPlaced(file)) continue
    throw new NumPackError(
      'PATH_ESCAPE',
      `${JSON.stringify(file.slice(0, LIMITS.fileNameBytes))} is no name that ${folder} has a file of its own under. It is not written or removed.`,
      { path: folder },
    )
  }
}

/** What a link of the switch says. */
export const linkTextOf = (file: string): string => `${SWITCH_FOLDER}/${CURRENT}/${file}`

/** Whether a file in a store's folder is such a link. */
export const isSwitchLink = (folder: string, file: string): boolean =>
  isPlaced(file) && textOf(join(folder, file)) === linkTextOf(file)

/** The text of a link; null where there is no link. */
function textOf(path: string): string | null {
  try {
    return readlinkSync(atHeld(path))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
}

/** Which part `current` shows; null where it is not a link that the engine made. */
export function currentPart(own: HeldFolder): (typeof PARTS)[number] | null {
  const text = textOf(own.at(CURRENT))
  return PARTS.find(part => part === text) ?? null
}

/** The folder that the links of the switch show now; null where there is none. */
export function openShown(folder: string): HeldFolder | null {
  using own = HeldFolder.open(folder, SWITCH_FOLDER)
  const part = own === null ? null : currentPart(own)
  return own === null || part === null ? null : HeldFolder.open(own, part)
}

/** What tells whether a name still is the same link: while it is, the files that it shows are where they were. */
export function linkAt(path: string): string | null {
  const stat = lstatIfThere(atHeld(path))
  return stat?.isSymbolicLink() === true ? `${inodeKey(stat)} ${stat.ctimeNs}` : null
}
