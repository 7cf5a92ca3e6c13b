import { existsSync, lstatSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { LOCK_FILE, nameProblem } from '../../format/names.ts'
import { folded, windowsNameProblem } from '../../format/windows-names.ts'
import { checkArrayName } from '../../array/arguments.ts'
import type { Writing } from './transaction.ts'

export function checkName(name: string, platform = process.platform): void {
  checkArrayName(name)
  const problem = nameProblem(name) ?? (platform === 'win32' ? windowsNameProblem(name) : null)
  if (problem !== null) {
    throw new NumPackError('NAME', `An array can't be called '${name}': its name ${problem}. Choose another one.`, {
      array: name,
    })
  }
}

export const nameTaken = (path: string, name: string): NumPackError =>
  new NumPackError('EXISTS', `There is an array '${name}' in ${path} already. Remove it first.`, { array: name, path })

const ignoresCase = (folder: string): boolean => existsSync(join(folder, LOCK_FILE.toUpperCase()))

/** Throws `NAME` if a new array would share its files with another one on a case-insensitive disk. */
export function checkClash({ store, folder }: Writing, names: readonly string[]): void {
  const given = new Map<string, string>()
  for (const name of names) {
    const other = given.get(folded(name)) ?? store.index.findSimilar(name)
    if (other !== undefined && other !== name && ignoresCase(folder)) {
      throw new NumPackError(
        'NAME',
        `An array can't be called '${name}' in ${folder}: '${other}' differs only in case, and this disk takes them for ` +
          'the same file. Choose another name.',
        { array: name, other, path: folder },
      )
    }
    given.set(folded(name), name)
  }
}

/** In bytes, on all common disks. */
const MAX_FILE_NAME = 255
/** Suffixes of an array's data files: the old file exists until the commit. */
const NUMBERS = 9

/**
 * Returns an unused `data_<name>.npkd`, `data_<name>~1.npkd`, ... Cycles, so that obsolete names are not soon reused.
 */
export function freeDataFile({ store, folder }: Writing, name: string, ending: 'npkd' | 'npkseg' = 'npkd'): string {
  const current = store.findRecord(name)?.dataFile
  const candidates = Array.from({ length: NUMBERS + 1 }, (_, k) => `data_${name}${k === 0 ? '' : `~${k}`}.${ending}`)
  const start = candidates.findIndex(file => current !== undefined && stem(file) === stem(current)) + 1
  for (let i = 0; i < candidates.length; i++) {
    const file = candidates[(start + i) % candidates.length] as string
    if (Buffer.byteLength(file) > MAX_FILE_NAME || store.index.isDataFile(file) || isTaken(join(folder, file))) continue
    return file
  }
  throw new NumPackError(
    'EXISTS',
    `All names for the data of '${name}' are taken in ${folder} (data_${name}.npkd, data_${name}~1.npkd, ...) by files ` +
      'that no array uses. Remove those that are not needed.',
    { array: name, path: folder },
  )
}

/** A dangling link takes a name, too. */
const isTaken = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

const stem = (file: string): string => file.replace(/\.npk(?:d|seg)$/, '')
