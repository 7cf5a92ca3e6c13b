import { itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { ArrayRecord } from '../../format/metadata.ts'
import { bitmapFileOf, isSegmentList } from '../../format/names.ts'
import { decodeSegments, namesOfSegments } from '../../format/segments.ts'
import { accessLike, accessWithin } from '../read/access-like.ts'
import { findFile, readStoreFile } from '../read/folder.ts'
import { type FileAccess, narrowest } from '../../system/file-access.ts'
import { sizeOf } from '../../array/indexing.ts'
import type { Store } from '../read/store.ts'

/** Known data files, relative to the store; for a segmented array the list and the segments. */
export function filesOf(store: Store, record: ArrayRecord): string[] {
  const found = record.problem === null ? findFile(store.folder, record.dataFile) : null
  if (found === null || found.kind !== 'file') return [record.dataFile]
  if (!isSegmentList(record.dataFile) || record.dtype === null) return [record.dataFile]
  const rowBytes = sizeOf(record.shape.slice(1)) * itemsize(record.dtype)
  if (found.stat.size > LIMITS.segmentListBytes) return [record.dataFile]
  const { bytes } = readStoreFile(store.folder, record.dataFile, LIMITS.segmentListBytes)
  const segments = decodeSegments(bytes, record.shape[0] ?? 1, rowBytes)
  return typeof segments === 'string' ? [record.dataFile] : [record.dataFile, ...segments.map(({ file }) => file)]
}

interface DataFiles {
  readonly files: ReadonlySet<string>
  /** false if a segment list can't be read or is too long. */
  readonly complete: boolean
}

/** Returns the files of these records: each segment list is read once, whatever shapes the records claim. */
export function filesOfAll(store: Store, records: readonly ArrayRecord[]): string[] {
  const healthy = records.filter(({ problem }) => problem === null).map(({ dataFile }) => dataFile)
  const files = filesInSegments(store, new Set(healthy.filter(isSegmentList)))
  return [...new Set([...records.map(({ dataFile }) => dataFile), ...files.files])]
}

export function filesInSegments(store: Store, lists: Iterable<string>): DataFiles {
  const files = new Set<string>()
  let left: number = LIMITS.segmentListBytes
  let complete = true
  for (const list of lists) {
    try {
      const found = findFile(store.folder, list)
      if (found.kind !== 'file') continue
      if (found.stat.size > left) {
        complete = false
        continue
      }
      left -= found.stat.size
      const { bytes } = readStoreFile(store.folder, list, LIMITS.segmentListBytes)
      for (const file of namesOfSegments(bytes)) files.add(file)
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
      complete = false
    }
  }
  return { files, complete }
}

/** Permissions for a copy of an array: those that users have on all of its files, else the metadata's, if any. */
export function accessOfArray(store: Store, record: ArrayRecord | undefined): FileAccess | null {
  const found = record?.problem === null ? filesOf(store, record).map(file => findFile(store.folder, file)) : []
  const access = found.flatMap(file => (file.kind === 'file' ? [accessWithin(file)] : []))
  return access.reduce<FileAccess | null>(narrowest, null) ?? accessLike(store.folder)
}

/** Permissions of a new bitmap: those of the old one or of the array's data. */
export function accessOfBitmap(store: Store, name: string): FileAccess | null {
  const bitmap = bitmapFileOf(name)
  if (findFile(store.folder, bitmap).kind === 'file') return accessLike(store.folder, bitmap)
  return accessOfArray(store, store.findRecord(name))
}
