import type { RowSet } from '../../array/row-set.ts'

/** A block of elements: rows by their position in a row set, columns along the last axis. Ranges are [start, stop). */
export interface BlockRequest {
  readonly rowSet: RowSet
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  /** Indices along the axes between the first and the last. */
  readonly index: readonly number[]
  /** Memory for the elements, instead of new memory: at least as many bytes, aligned to the itemsize. */
  readonly out?: Uint8Array
}

/** Elements of a block, clipped to the array. */
export interface Block {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  /** The elements, rows x columns, C order. */
  readonly bytes: Uint8Array
  /** NaN is the logical row of a deleted one. null if both numbers of every row are its position. */
  readonly rowNumbers: { readonly physical: Float64Array; readonly logical: Float64Array } | null
}
