import type { ArrayLike, NDArray } from '../../array/ndarray.ts'
import type { ArrayMetadata } from '../read/describe.ts'
import type { ArrayReader } from '../read/reader.ts'
import type { RowSelection } from './rows.ts'

/** A store on disk (`DirectWriter`) or during a batch (`BatchWriter`); see `NumPack`. The caller refreshes it first. */
export interface StoreWriter {
  has(name: string): boolean
  /** Sorted; damaged arrays included. */
  names(): string[]
  /** Of the readable arrays, sorted by name. */
  shapes(): [name: string, shape: readonly number[]][]
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
