import type { DType } from '../../format/dtype.ts'
import type { ArrayInfo } from './array.ts'

/** Description of an array; `shape` is without the deleted rows. */
export interface ArrayMetadata {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly physicalShape: readonly number[]
  readonly deletedRows: number
  readonly sizeBytes: number
  readonly dataFile: string
  /** Number of segment files; absent for a single data file. */
  readonly segments?: number
  /** Microseconds since 1970. */
  readonly lastModified: number
}

/** What the metadata of a store say. */
export interface StoreMetadata {
  readonly path: string
  readonly version: number
  readonly totalSize: number
  readonly arrays: Readonly<Record<string, ArrayMetadata>>
}

export const describeArray = (array: ArrayInfo): ArrayMetadata => ({
  dtype: array.dtype as DType,
  shape: array.shape,
  physicalShape: array.physicalShape,
  deletedRows: array.deletedRows,
  sizeBytes: array.sizeBytes,
  dataFile: array.dataFile,
  ...(array.segments > 0 && { segments: array.segments }),
  lastModified: array.lastModified,
})

export function describeStore(
  path: string,
  version: number,
  arrays: readonly [name: string, metadata: ArrayMetadata][],
): StoreMetadata {
  const totalSize = arrays.reduce((sum, [, array]) => sum + array.sizeBytes, 0)
  return { path, version, totalSize, arrays: Object.fromEntries(arrays) }
}
