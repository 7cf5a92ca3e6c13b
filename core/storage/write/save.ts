import type { DType } from '../../format/dtype.ts'
import { bitmapFileOf } from '../../format/names.ts'
import { findFile } from '../read/folder.ts'
import type { ArrayLike } from '../../array/ndarray.ts'
import { isReplaceable } from '../read/switch.ts'
import type { Store } from '../read/store.ts'
import { filesOfAll } from './data-files.ts'
import { arraysToSave, bytesToWrite } from './input.ts'
import { checkClash, freeDataFile } from './names.ts'
import { commit, newFile, type NewRecord, timestamp, type Writing, writing } from './transaction.ts'

/** Saves all of the arrays or none, and removes `removed` with them. `check` may throw, once the store is locked. */
export function save(
  store: Store,
  arrays: Readonly<Record<string, ArrayLike>>,
  { removed = [], check = () => {} }: { removed?: readonly string[]; check?: () => void } = {},
): void {
  const given = arraysToSave(arrays).map(({ name, array }) => ({ name, array, bytes: bytesToWrite(array) }))
  if (given.length === 0 && removed.length === 0) return
  writing(store, [...given.map(({ name }) => name), ...removed], session => {
    check()
    checkClash(
      session,
      given.map(({ name }) => name),
    )
    const gone = removed.filter(name => store.get(name) !== undefined)
    if (given.length === 0 && gone.length === 0) return
    const files = new Map(given.map(({ name }) => [name, freeDataFile(session, name)]))
    const records = new Map<string, NewRecord | null>(gone.map(name => [name, null]))
    for (const { name, array, bytes } of given) {
      records.set(name, newRecord(name, array.dtype, array.shape, files.get(name) as string, bytes.length))
    }
    commit(session, { records, created: [...files.values()], ...filesReplacedBy(session, [...records.keys()]) }, () => {
      for (const { name, bytes } of given) {
        using file = newFile(session, files.get(name) as string, name)
        file.write(bytes, 0)
        file.sync()
      }
    })
  })
}

export const newRecord = (
  name: string,
  dtype: DType,
  shape: readonly number[],
  dataFile: string,
  sizeBytes: number,
): NewRecord => ({ name, dtype, shape, dataFile, sizeBytes, lastModified: timestamp() })

/** Bitmaps and files that become obsolete when these arrays are replaced or removed. */
export function filesReplacedBy(
  { store }: Writing,
  names: readonly string[],
): { bitmaps: Map<string, null>; obsoleteFiles: string[] } {
  const replaced = names.map(name => store.findRecord(name)).filter(record => record !== undefined)
  const hasBitmap = (name: string): boolean => {
    const file = bitmapFileOf(name)
    return isReplaceable(file) && findFile(store.folder, file).kind !== 'missing'
  }
  return {
    bitmaps: new Map(names.filter(hasBitmap).map(name => [name, null])),
    obsoleteFiles: filesOfAll(store, replaced),
  }
}
