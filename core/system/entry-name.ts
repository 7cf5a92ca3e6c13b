import { join, sep } from 'node:path'
import { NumPackError } from '../format/errors.ts'

const NO_ENTRY = sep === '\\' ? /[/\\\0]/ : /[/\0]/

/** Whether a name is that of one entry of a folder. Names in a store's files are untrusted and may lead elsewhere. */
export const isEntryName = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !NO_ENTRY.test(name)

export const partsOf = (relative: string): string[] => relative.split(sep === '\\' ? /[/\\]/ : '/')

export const isInside = (relative: string): boolean => isEntryName(relative) || partsOf(relative).every(isEntryName)

/** Returns the path of a store's file. Throws `PATH_ESCAPE` if it would lie elsewhere. */
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
