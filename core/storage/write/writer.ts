import type { ArrayLike, NDArray } from '../../array/ndarray.ts'
import type { ArrayMetadata } from '../read/describe.ts'
import type { ArrayReader } from '../read/reader.ts'
import type { RowSelection } from './rows.ts'

/**
 * A store as one caller sees and changes it: directly on disk (`DirectWriter`), or in memory until a batch ends
 * (`BatchWriter`). `NumPack` documents the methods and what they throw. The caller refreshes the store first.
 */
export interface StoreWriter {
  has(name: string): boolean
  /** Sorted. Damaged arrays are in it. */
  names(): string[]
  /** Logical shapes of the readable arrays, sorted by name. */
  shapes(): [name: string, shape: readonly number[]][]
  /** The readable arrays, sorted by name. */
  describe(): [name: string, metadata: ArrayMetadata][]
  reader(name: string): ArrayReader
  load(name: string): NDArray
  save(arrays: Readonly<Record<string, ArrayLike>>): void
  append(arrays: Readonly<Record<string, ArrayLike>>): void
  replace(arrays: Readonly<Record<string, ArrayLike>>, rows: RowSelection): void
  drop(names: readonly string[], rows?: RowSelection): number
  remove(name: string): void
  update(name: string): void
  clone(from: string, to: string): void
  reset(): void
}
