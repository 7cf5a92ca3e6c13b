/**
 * Which rows are counted: `active` leaves out the deleted ones (positions are logical rows), `all` counts every row in
 * its place on disk (positions are physical rows), `deleted` counts the deleted rows alone.
 */
export type RowSetName = 'active' | 'all' | 'deleted'

/** A block of elements: rows by their position in a row set, columns along the last axis. Ranges are [start, stop). */
export interface BlockRequest {
  readonly rowSet: RowSetName
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
  /** Physical row of each row; null if it equals the position. */
  readonly physicalRows: Float64Array | null
  /** 1 for each deleted row; null if none is deleted. */
  readonly deleted: Uint8Array | null
  /** Logical row of the first row that is not deleted. */
  readonly firstLogical: number
}
