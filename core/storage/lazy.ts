import { type DType, itemsize, type Scalar } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { sizeOf } from './indexing.ts'
import { type NDArray, type NestedList, rowCount } from './ndarray.ts'
import type { ArrayReader } from './reader.ts'
import { type AxisSelection, resolveIndex } from './selection.ts'

/** Iteration reads about this many bytes at once. */
const ITERATION_BYTES = 256 * 1024

/** An array on disk that looks like one in memory: every operation reads just what it needs, over logical rows. */
export class LazyArray {
  readonly #reader: ArrayReader
  readonly #checkOpen: () => void

  /** `checkOpen` throws when the store was closed. */
  constructor(reader: ArrayReader, checkOpen: () => void) {
    this.#reader = reader
    this.#checkOpen = checkOpen
  }

  get dtype(): DType {
    return this.#reader.dtype
  }

  /** Logical shape: without the deleted rows. */
  get shape(): readonly number[] {
    return this.#reader.shape
  }

  get ndim(): number {
    return this.shape.length
  }

  /** Number of elements. */
  get size(): number {
    return sizeOf(this.shape)
  }

  get nbytes(): number {
    return this.size * itemsize(this.dtype)
  }

  /** Number of rows. Throws `SHAPE` for a 0-D array, which has none. */
  get length(): number {
    return rowCount(this.shape)
  }

  /**
   * Elements by a selection, one entry an axis; a scalar where every axis has an integer.
   * Throws `INDEX`, `ARGUMENT`, `CHANGED_ON_DISK`, `CLOSED` or `IO`.
   */
  get(...selection: AxisSelection[]): NDArray | Scalar {
    this.#checkOpen()
    const [row] = selection
    if (selection.length === 1 && typeof row === 'number' && this.ndim > 0) return this.#reader.readRow(row)
    return this.#reader.select(selection)
  }

  /** The rows one after another: NDArrays of one axis less, scalars for a 1-D array. */
  *[Symbol.iterator](): IterableIterator<NDArray | Scalar> {
    const rows = Math.max(1, Math.floor(ITERATION_BYTES / Math.max(1, this.#reader.rowBytes)))
    for (const batch of this.batches(rows)) yield* batch
  }

  /** The rows in batches of `rows`, the last one shorter. Throws `ARGUMENT` unless `rows` is a positive integer. */
  batches(rows: number): IterableIterator<NDArray> {
    checkBatchRows(rows)
    this.#checkOpen()
    return this.#batches(rows, this.length)
  }

  *#batches(rows: number, length: number): IterableIterator<NDArray> {
    for (let start = 0; start < length; start += rows) {
      this.#checkOpen()
      yield this.#reader.readRows(start, Math.min(length, start + rows))
    }
  }

  /** The whole array in memory. */
  toNDArray(): NDArray {
    this.#checkOpen()
    return this.#reader.readAll()
  }

  /** The elements as nested lists; the scalar itself for a 0-D array. */
  toList(): Scalar | NestedList {
    return this.toNDArray().toList()
  }

  /** Where on disk a logical row lies: the physical row. Negative numbers count from the end. */
  physicalRow(index: number): number {
    return this.#reader.physicalRow('active', resolveIndex(index, 0, this.length))
  }

  /** The physical rows that are deleted, in ascending order. */
  get deletedRows(): IterableIterator<number> {
    return this.#reader.deletedRows()
  }
}

/** Throws `ARGUMENT` unless it is a number of rows that a batch can have. */
export function checkBatchRows(rows: number): void {
  if (Number.isSafeInteger(rows) && rows > 0) return
  throw new NumPackError('ARGUMENT', `${String(rows)} rows a batch are not possible; give a positive integer`, { rows })
}
