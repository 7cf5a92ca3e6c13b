import type { Stats } from 'node:fs'
import type { Json, Recents } from '../../database/recents.ts'
import { Place as PlaceSchema } from '../contract/stores.ts'
import type { Place, Recent } from '../contract/types.ts'
import { isNetworkPath } from './network-path.ts'
import type { PathLooks } from './path-looks.ts'
import { hasPackageName } from './store-path.ts'

function kindOf(stats: Stats): Recent['kind'] | null {
  if (stats.isDirectory()) return 'store'
  return stats.isFile() ? 'package' : null
}

/** A place as it was noted, or null for one that this version can't read. */
export const placeOf = (noted: Json): Place | null => PlaceSchema.safeParse(noted).data ?? null

/** Never looks at paths on other machines. These, and paths that no look has reached, don't count as missing. */
export async function listRecents(recents: Recents, looks: PathLooks, isRemote = isNetworkPath): Promise<Recent[]> {
  const listed = recents.list()
  const paths = listed.map(({ path }) => path).filter(path => !isRemote(path))
  const found = await looks.look(paths)
  const statsOf = new Map(paths.map((path, i) => [path, found[i]]))
  return listed.map(({ path, name, lastOpened, sizeBytes, arrayCount, place, pinned }) => {
    const stats = statsOf.get(path)
    const kind = stats ? kindOf(stats) : null
    return {
      path,
      name,
      lastOpened,
      sizeBytes,
      arrayCount,
      place: placeOf(place),
      pinned,
      kind: kind ?? (hasPackageName(path) ? 'package' : 'store'),
      missing: stats !== undefined && kind === null,
    }
  })
}
