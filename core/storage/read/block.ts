/**
 * Which rows are counted: `active` leaves out the deleted ones (positions are logical rows), `all` counts every row in
 * its place on disk (positions are physical rows), `deleted` counts the deleted rows alone.
 */
export type View = 'active' | 'all' | 'deleted'

/** A block of elements: rows by their position in a view, columns along the last axis. Ranges are [start, stop). */
export interface BlockRequest {
  readonly view: View
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  /** Indices along the axes between the first and the last. */
  readonly index: readonly number[]
  /** Where to put the elements, if not into new memory: at least as many bytes, at a multiple of the itemsize. */
  readonly out?: Uint8Array
}

/** What was read of a block: what lies beyond the array's end is left out. */
export interface Block {
  readonly rows: readonly [number, number]
  readonly columns: readonly [number, number]
  /** The elements, rows x columns, C order. */
  readonly bytes: Uint8Array
  /** The physical row of each row; null where it is the position. */
  readonly physicalRows: Float64Array | null
  /** 1 for each deleted row; null where none is. */
  readonly deleted: Uint8Array | null
  /** Logical row of the first row that is not deleted. */
  readonly firstLogical: number
}
