import { lstatSync, opendirSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isArrayFile, METADATA_FILE } from '../../format/names.ts'
import type { Recents } from '../../database/recents.ts'
import { Backup } from '../contract/stores.ts'
import type { Params, Result } from '../contract/types.ts'
import { type DiskCalls, lookAt } from './disk-calls.ts'
import type { PathLooks } from './path-looks.ts'

/** Looks at no more files of a store than this: they take the engine about 50 ms. */
const MOST_FILES = 10_000

/** A backup with the times that its file and the store's newest file had then, by the clock of whatever holds them. */
const Noted = Backup.extend({ fileTime: z.number(), storeTime: z.number() })

/** Returns when a file was last written to, in milliseconds since 1970; 0 if it can't be looked at. */
function timeOf(path: string): number {
  try {
    return lstatSync(path).mtimeMs
  } catch {
    return 0
  }
}

function filesIn(folder: string): string[] {
  const files: string[] = []
  try {
    using entries = opendirSync(folder)
    for (let entry = entries.readSync(); entry !== null && files.length < MOST_FILES; entry = entries.readSync()) {
      if (entry.name === METADATA_FILE || isArrayFile(entry.name)) files.push(entry.name)
    }
  } catch {
    // What can't be listed has no files for now.
  }
  return files
}

/** Time of the last write to a file of the store; 0 without files. Follows no links out of it. */
const newestTime = (folder: string): number =>
  filesIn(folder).reduce((newest, file) => Math.max(newest, timeOf(join(folder, file))), 0)

export async function noteBackup(
  recents: Recents,
  { source, backup }: Params<'rememberBackup'>,
  disks: DiskCalls,
): Promise<void> {
  const file = await lookAt(backup.path, disks)
  recents.rememberBackup(source, { ...backup, fileTime: file?.mtimeMs ?? 0, storeTime: newestTime(source) })
}

export async function lastBackup(
  recents: Recents,
  source: string,
  looks: PathLooks,
): Promise<Result<'lastBackup'>['backup']> {
  const noted = Noted.safeParse(recents.backup(source)).data
  if (noted === undefined) return null
  const { fileTime, storeTime, ...backup } = noted
  const [file] = await looks.look([backup.path])
  return {
    ...backup,
    file: !file ? 'missing' : file.mtimeMs === fileTime ? 'whole' : 'changed',
    outdated: newestTime(source) !== storeTime,
  }
}
