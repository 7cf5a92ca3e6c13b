import { join, sep } from 'node:path'
import { NumPackError } from '../format/errors.ts'

/**
 * Names that a store's metadata, segment lists and write logs hold were written by anybody: joined to a path, they may
 * lead anywhere.
 */

const NO_ENTRY = sep === '\\' ? /[/\\\0]/ : /[/\0]/

/** Whether a name is that of one entry of a folder, so that joining it to a path never leads out of the folder. */
export const isEntryName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !NO_ENTRY.test(name)

/** Splits a path relative to a store into its names. */
export const partsOf = (relative: string): string[] => relative.split(sep === '\\' ? /[/\\]/ : '/')

/** Whether each part of a relative path is the name of an entry. */
export const isInside = (relative: string): boolean => partsOf(relative).every(isEntryName)

/** Returns the path of a store's file. Throws `PATH_ESCAPE` if it lies elsewhere. */
export function pathInside(folder: string, relative: string): string {
  if (isInside(relative)) return join(folder, relative)
  throw leadsOut(folder, relative)
}

export const leadsOut = (folder: string, relative: string): NumPackError =>
  new NumPackError(
    'PATH_ESCAPE',
    `${JSON.stringify(relative.slice(0, 255))} is no path inside ${folder}. Nothing there is read, written or removed.`,
    { path: folder },
  )
