import { existsSync, renameSync } from 'node:fs'
import { join, parse } from 'node:path'

/** Formats a date for a file name, without characters that Windows rejects. */
const stamp = (date: Date): string => date.toISOString().slice(0, 19).replaceAll(':', '-')

/** Renames a file to `<name>.<word>-<date>` with its suffix, beside it, and returns the new path. Throws a system error. */
export function renameDamaged(file: string, word: string): string {
  const { dir, name, ext } = parse(file)
  const base = join(dir, `${name}.${word}-${stamp(new Date())}`)
  let target = `${base}${ext}`
  for (let n = 2; existsSync(target); n++) target = `${base}-${n}${ext}`
  renameSync(file, target)
  return target
}
