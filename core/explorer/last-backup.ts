import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { isArrayFile, METADATA_FILE } from '../format/names.ts'
import type { Recents } from '../recents/recents.ts'
import { Backup } from './contract/schemas.ts'
import type { Params, Result } from './contract/types.ts'

/** Files of a store that are looked at: of more, the first ones. */
const MOST_FILES = 10_000

/** A backup with the times that its file and the store's newest file had then, by the clock of whatever holds them. */
const Noted = Backup.extend({ fileTime: z.number(), storeTime: z.number() })

/** When a file was last written, in milliseconds since 1970; null where there is none. */
const timeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )

/** When the file of a store that was written last was written; 0 for a store without files. */
async function newestTime(folder: string): Promise<number> {
  const files = await readdir(folder).catch(() => [])
  const ofStore = files.filter(file => file === METADATA_FILE || isArrayFile(file)).slice(0, MOST_FILES)
  let newest = 0
  for (const file of ofStore) newest = Math.max(newest, (await timeOf(join(folder, file))) ?? 0)
  return newest
}

/** Notes that a store was backed up. */
export async function noteBackup(recents: Recents, { source, backup }: Params<'rememberBackup'>): Promise<void> {
  const [fileTime, storeTime] = await Promise.all([timeOf(backup.path), newestTime(source)])
  recents.rememberBackup(source, { ...backup, fileTime: fileTime ?? 0, storeTime })
}

/** The last backup of a store that was noted, and what has become of it; null where there is none. */
export async function lastBackup(recents: Recents, source: string): Promise<Result<'lastBackup'>['backup']> {
  const noted = Noted.safeParse(recents.backup(source)).data
  if (noted === undefined) return null
  const { fileTime, storeTime, ...backup } = noted
  const [file, newest] = await Promise.all([timeOf(backup.path), newestTime(source)])
  return {
    ...backup,
    file: file === null ? 'missing' : file === fileTime ? 'whole' : 'changed',
    outdated: newest !== storeTime,
  }
}
