import type { RowSet } from '../../array/row-set.ts'

/** A block: rows by their position in a row set, columns along the last axis. Ranges are [start, stop). */
export interface BlockRequest {
  readonly rowSet: RowSet
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  /** Indices along the axes between the first and the last. */
  readonly index: readonly number[]
  /** Memory for the elements: at least as many bytes, aligned to the itemsize. */
  readonly out?: Uint8Array
}

export interface Block {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  /** Rows × columns, C order. */
  readonly bytes: Uint8Array
  /** A deleted row's logical number is NaN. null if both numbers of every row are its position. */
  readonly rowNumbers: { readonly physical: Float64Array; readonly logical: Float64Array } | null
}
