import { stat } from 'node:fs/promises'
import type { Json, Recents } from '../recents/recents.ts'
import { Place as PlaceSchema } from './contract/schemas.ts'
import type { Place, Recent } from './contract/types.ts'

/** A folder on a disk that doesn't answer (a lost network share) counts as missing after this time. */
const MISSING_AFTER_MS = 1000

async function isFolder(path: string): Promise<boolean> {
  const timeout = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => timeout.resolve(false), MISSING_AFTER_MS)
  const found = stat(path).then(
    stats => stats.isDirectory(),
    () => false,
  )
  const is = await Promise.race([found, timeout.promise])
  clearTimeout(timer)
  return is
}

/** A place as it was noted, or null for one that this version can't read. */
export const placeOf = (noted: Json): Place | null => PlaceSchema.safeParse(noted).data ?? null

/** The recent stores as a window lists them. */
export async function listRecents(recents: Recents): Promise<Recent[]> {
  return Promise.all(
    recents.list().map(async entry => ({
      ...entry,
      place: placeOf(entry.place),
      missing: !(await isFolder(entry.path)),
    })),
  )
}
