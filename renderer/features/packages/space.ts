import type { ArrayInfo, PackedFile } from '../../../core/explorer/contract/types.ts'
import { bitmapFileOf, METADATA_FILE } from '../../../core/format/names.ts'

/** A share of the space in a package: an array with its bitmap, or a file of no array. */
export interface SpaceShare {
  label: string
  bytes: number
  share: number
}

const METADATA = 'Metadata'

/** Maps the names of data and bitmap files to the names of their arrays. */
export function mapFilesToArrays(arrays: readonly ArrayInfo[]): ReadonlyMap<string, string> {
  return new Map(
    arrays.flatMap(({ name, dataFile }) => [
      [dataFile, name],
      [bitmapFileOf(name), name],
    ]),
  )
}

/** Returns at most `most` shares of space, largest first; the last one then stands for all smaller ones. */
export function spaceShares(files: readonly PackedFile[], arrays: readonly ArrayInfo[], most: number): SpaceShare[] {
  const arrayOf = mapFilesToArrays(arrays)
  const bytesOf = new Map<string, number>()
  let total = 0
  for (const { name, storedSize } of files) {
    const label = arrayOf.get(name) ?? (name === METADATA_FILE ? METADATA : name)
    bytesOf.set(label, (bytesOf.get(label) ?? 0) + storedSize)
    total += storedSize
  }
  const all = Array.from(bytesOf, ([label, bytes]) => ({ label, bytes, share: total > 0 ? bytes / total : 0 }))
  all.sort((a, b) => b.bytes - a.bytes)
  if (all.length <= most) return all
  const rest = all.slice(most - 1)
  const bytes = rest.reduce((sum, entry) => sum + entry.bytes, 0)
  return [...all.slice(0, most - 1), { label: `${rest.length} more`, bytes, share: total > 0 ? bytes / total : 0 }]
}
