import type { Stats } from 'node:fs'
import type { Json, Recents } from '../../database/recents.ts'
import { isBounded } from '../../format/bounded.ts'
import { LIMITS } from '../../format/limits.ts'
import { ArrangedPlace as ArrangedPlaceSchema, Place as PlaceSchema } from '../contract/stores.ts'
import type { ArrangedPlace, Place, Recent } from '../contract/types.ts'
import { isNetworkPath } from '../contract/network-path.ts'
import type { PathLooks } from './path-looks.ts'
import { hasPackageName } from './store-path.ts'

function kindOf(stats: Stats): Recent['kind'] | null {
  if (stats.isDirectory()) return 'store'
  return stats.isFile() ? 'package' : null
}

const BOUNDS = { depth: LIMITS.messageDepth, values: LIMITS.messageValues, characters: LIMITS.messageBytes }

/** A place as it was noted, or null for one that this version can't read. */
const placeOf = (noted: Json): Place | null => PlaceSchema.safeParse(noted).data ?? null

/** As it was noted; a place alone if this version can't read its arrangement. */
export function arrangedPlaceOf(noted: Json): ArrangedPlace | null {
  if (!isBounded(noted, BOUNDS)) return null
  return ArrangedPlaceSchema.safeParse(noted).data ?? ArrangedPlaceSchema.safeParse(placeOf(noted)).data ?? null
}

const isOnNetwork = (path: string): boolean => isNetworkPath(path, process.platform)

/** Never looks at paths on other machines. These, and paths that no look has reached, don't count as missing. */
export async function listRecents(recents: Recents, looks: PathLooks, isRemote = isOnNetwork): Promise<Recent[]> {
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
