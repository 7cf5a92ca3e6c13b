import { stat } from 'node:fs/promises'
import type { Json, Recents } from '../../database/recents.ts'
import { Place as PlaceSchema } from '../contract/schemas.ts'
import type { Place, Recent } from '../contract/types.ts'
import { isNetworkPath } from './network-path.ts'
import { hasPackageName } from './store-path.ts'

/** What lies on a disk that doesn't answer (a lost network share) counts as missing after this time. */
const MISSING_AFTER_MS = 1000

/** What is at a path now; null for nothing that could be opened. */
async function kindAt(path: string): Promise<Recent['kind'] | null> {
  const timeout = Promise.withResolvers<null>()
  const timer = setTimeout(() => timeout.resolve(null), MISSING_AFTER_MS)
  const found = stat(path).then(
    stats => (stats.isDirectory() ? ('store' as const) : stats.isFile() ? ('package' as const) : null),
    () => null,
  )
  const kind = await Promise.race([found, timeout.promise])
  clearTimeout(timer)
  return kind
}

/** A place as it was noted, or null for one that this version can't read. */
export const placeOf = (noted: Json): Place | null => PlaceSchema.safeParse(noted).data ?? null

/** The recent stores and packages as a window lists them. Those of other machines are not looked at, and never missing. */
export async function listRecents(recents: Recents, isRemote = isNetworkPath): Promise<Recent[]> {
  return Promise.all(
    recents.list().map(async ({ path, name, lastOpened, sizeBytes, arrayCount, place, pinned }) => {
      const remote = isRemote(path)
      const kind = remote ? null : await kindAt(path)
      return {
        path,
        name,
        lastOpened,
        sizeBytes,
        arrayCount,
        place: placeOf(place),
        pinned,
        kind: kind ?? (hasPackageName(path) ? 'package' : 'store'),
        missing: !remote && kind === null,
      }
    }),
  )
}
