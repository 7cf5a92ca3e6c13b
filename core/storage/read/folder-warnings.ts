import { dirname } from 'node:path'
import { folded } from '../../format/windows-names.ts'
import { arrayOfBitmapFile, isArrayFile, isLeftover, isSegmentsFolder, segmentsFolderOf } from '../../format/names.ts'
import { firstFew } from '../../format/short-text.ts'
import { listFolder } from '../../system/list-folder.ts'
import type { StoredArray } from './array.ts'

/** Returns warnings about the store as a whole: its files, and the names of its arrays together. */
export function folderWarnings(path: string, arrays: ReadonlyMap<string, StoredArray>): string[] {
  return [...describeStrayFiles(path, arrays), ...describeSimilarNames([...arrays.keys()])]
}

function describeSimilarNames(names: readonly string[]): string[] {
  return [...Map.groupBy(names, folded).values()]
    .filter(similar => similar.length > 1)
    .map(
      similar =>
        `the names ${firstFew(similar.map(name => `'${name}'`)).join(' and ')} differ only in case: Windows, and other disks that ` +
        'ignore case, take them for the same, so that the store can be copied there only in part',
    )
}

/** Returns warnings of files that belong to no array; an interrupted write may have left them. */
function describeStrayFiles(path: string, arrays: ReadonlyMap<string, StoredArray>): string[] {
  const known = new Set<string>()
  for (const { info, reader } of arrays.values()) {
    known.add(info.dataFile)
    // Which segments a damaged array has is unknown: its folder of segments counts as used.
    if (reader === null) known.add(segmentsFolderOf(info.name))
    else for (const { name } of reader.source.parts) if (name.includes('/')) known.add(dirname(name))
  }
  const warnings: string[] = []
  const leftovers: string[] = []
  for (const file of listFolder(path).sort()) {
    const array = arrayOfBitmapFile(file)
    if (isLeftover(file)) leftovers.push(file)
    else if (array !== undefined) {
      if (!arrays.has(array)) warnings.push(`${file}: a bitmap without its array, reported and not applied`)
    } else if (isArrayFile(file) && !known.has(file)) {
      warnings.push(`${file}: a data file without its array; it may be the rest of an interrupted save`)
    } else if (isSegmentsFolder(file) && !known.has(file)) {
      warnings.push(
        `${file}: a folder of segments that no array uses; an earlier write could not remove it, or it holds other files`,
      )
    }
  }
  if (leftovers.length > 0)
    warnings.push(`leftovers of an interrupted write, ignored: ${firstFew(leftovers).join(', ')}`)
  return warnings
}
