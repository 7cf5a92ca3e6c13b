import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isArrayFile, METADATA_FILE } from '../format/names.ts'
import type { Recents } from '../recents/recents.ts'
import { Backup } from './contract/schemas.ts'
import type { Result } from './contract/types.ts'

/** Files of a store that are looked at: of more, the first ones. */
const MOST_FILES = 10_000

/** Whether a file of a store was written after a time, in milliseconds since 1970. */
async function isWrittenAfter(folder: string, time: number): Promise<boolean> {
  const files = await readdir(folder).catch(() => [])
  const ofStore = files.filter(file => file === METADATA_FILE || isArrayFile(file)).slice(0, MOST_FILES)
  for (const file of ofStore) {
    const found = await stat(join(folder, file)).catch(() => null)
    if (found !== null && found.mtimeMs > time) return true
  }
  return false
}

/** The last backup of a store that was noted, and what has become of it; null where there is none. */
export async function lastBackup(recents: Recents, source: string): Promise<Result<'lastBackup'>['backup']> {
  const backup = Backup.safeParse(recents.backup(source)).data
  if (backup === undefined) return null
  return { ...backup, missing: !existsSync(backup.path), outdated: await isWrittenAfter(source, backup.verified) }
}
