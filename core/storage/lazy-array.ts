import { checkLongOptions, checkOptions } from '../array/arguments.ts'
import { sizeOf } from '../array/indexing.ts'
import { allocate } from '../array/memory.ts'
import { type NDArray, type NestedList, rowCount, type Selected } from '../array/ndarray.ts'
import { type AxisSelection, resolveIndex, resolveSlice, Slice } from '../array/selection.ts'
import { type DType, itemsize, type Scalar } from '../format/dtype.ts'
import { componentsOf } from '../format/elements.ts'
import { NumPackError } from '../format/errors.ts'
import type { ColumnStatistics } from '../statistics/column-summary.ts'
import { columnStatisticsOf } from '../statistics/column-statistics.ts'
import type { Statistics } from '../statistics/statistics-summary.ts'
import type { StatisticsOptions } from '../statistics/statistics-options.ts'
import { statisticsOf } from '../statistics/statistics.ts'
import type { ArrayReader } from './read/reader.ts'

const ITERATION_BYTES = 256 * 1024

/** Options of `batches` and `streamLoad`. */
export interface BatchOptions {
  /** Overwrites the previous batch instead of allocating memory: several times faster. */
  readonly reuse?: boolean
}

/** Options for statistics of all elements. */
export type WholeOptions = StatisticsOptions<Statistics> & { readonly axis?: null }
/** Options for statistics of each column or channel. */
export type ColumnOptions = StatisticsOptions<ColumnStatistics> & { readonly axis: 0 | readonly number[] }

/** An array on disk with the interface of one in memory: reads only the elements that it needs, over logical rows. */
export class LazyArray {
  readonly #reader: ArrayReader
  readonly #checkOpen: () => void

  /** `checkOpen` throws if the store was closed. */
  constructor(reader: ArrayReader, checkOpen: () => void) {
    this.#reader = reader
    this.#checkOpen = checkOpen
  }

  get dtype(): DType {
    return this.#reader.dtype
  }

  /** Without the deleted rows. */
  get shape(): readonly number[] {
    return this.#reader.shape
  }

  get ndim(): number {
    return this.shape.length
  }

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
   * Returns elements by a selection, one entry an axis; a scalar if every axis has an integer. Throws `INDEX`,
   * `ARGUMENT`, `CHANGED_ON_DISK`, `CLOSED` or `IO`.
   */
  get<S extends AxisSelection[]>(...selection: S): Selected<S>
  get(...selection: AxisSelection[]): NDArray | Scalar {
    this.#checkOpen()
    const reader = this.#reader
    const rows = rowRun(selection, reader)
    if (rows === null) return reader.select(selection)
    return typeof rows === 'number' ? reader.readRow(rows) : reader.readRows(rows.start, rows.start + rows.count)
  }

  /** Reads a selection into `out`, of the same dtype and number of elements, and returns `out`. */
  getInto(out: NDArray, ...selection: AxisSelection[]): NDArray {
    this.#checkOpen()
    const reader = this.#reader
    const rows = rowRun(selection, reader)
    if (rows === null) reader.select(selection, out)
    else if (typeof rows === 'number') reader.readRowInto(out, rows)
    else reader.readRowsInto(out, rows.start, rows.count)
    return out
  }

  /** Iterates over the rows: NDArrays of one axis less, scalars for a 1-D array. */
  *[Symbol.iterator](): IterableIterator<NDArray | Scalar> {
    const rows = Math.max(1, Math.floor(ITERATION_BYTES / Math.max(1, this.#reader.rowBytes)))
    for (const batch of this.batches(rows)) yield* batch
  }

  /**
   * Iterates over batches of `rows` rows, the last one shorter. Throws `ARGUMENT` unless `rows` is a positive integer.
   */
  batches(rows: number, options: BatchOptions = {}): IterableIterator<NDArray> {
    checkBatchRows(rows)
    checkOptions(options, 'batches()')
    this.#checkOpen()
    return this.#batches(rows, this.length, options.reuse === true)
  }

  *#batches(rows: number, length: number, reuse: boolean): IterableIterator<NDArray> {
    const reader = this.#reader
    const rowLength = sizeOf(this.shape.slice(1)) * componentsOf(this.dtype)
    const memory = reuse ? allocate(this.dtype, (Math.min(rows, length) * rowLength) / componentsOf(this.dtype)) : null
    for (let start = 0; start < length; start += rows) {
      this.#checkOpen()
      const stop = Math.min(length, start + rows)
      if (memory === null) yield reader.readRows(start, stop)
      else yield reader.readRows(start, stop, memory.subarray(0, (stop - start) * rowLength))
    }
  }

  /** Reads the whole array. */
  toNDArray(): NDArray {
    this.#checkOpen()
    return this.#reader.readAll()
  }

  /** Reads the whole array as nested lists, or as a scalar if it is 0-D. */
  toList(): Scalar | NestedList {
    return this.toNDArray().toList()
  }

  /**
   * Statistics of all elements or of a selection; with `axis: 0`, of each column. Rejects with `ARGUMENT`, `INDEX`,
   * `SHAPE`, `ABORTED`, `CHANGED_ON_DISK`, `CLOSED`, `IO`, or `NO_SPACE` of a packed array that doesn't fit beside others.
   */
  statistics(options?: WholeOptions): Promise<Statistics>
  statistics(options: ColumnOptions): Promise<ColumnStatistics>
  async statistics(options: WholeOptions | ColumnOptions = {}): Promise<Statistics | ColumnStatistics> {
    checkLongOptions(options, 'statistics()')
    this.#checkOpen()
    const reader = this.#reader
    return reader.source.whileLeased<Statistics | ColumnStatistics>(() =>
      isOfColumns(options) ? columnStatisticsOf(reader, options) : statisticsOf(reader, options),
    )
  }

  /** Returns the physical row of a logical row. Negative numbers count from the end. */
  physicalRow(index: number): number {
    return this.#reader.activeRowSet.select(resolveIndex(index, 0, this.length))
  }

  /** The deleted physical rows, in ascending order. */
  get deletedRows(): IterableIterator<number> {
    return this.#reader.deletedRows()
  }
}

const isOfColumns = (options: WholeOptions | ColumnOptions): options is ColumnOptions =>
  options.axis !== undefined && options.axis !== null

/** Returns the row or range of rows that a selection means; null if it needs a read plan. */
function rowRun(
  selection: readonly AxisSelection[],
  reader: ArrayReader,
): number | { start: number; count: number } | null {
  if (selection.length !== 1 || reader.shape.length === 0) return null
  const [rows] = selection
  if (typeof rows === 'number') return rows
  return rows instanceof Slice && rows.step === null ? resolveSlice(rows, reader.activeRows) : null
}

export function checkBatchRows(rows: number): void {
  if (Number.isSafeInteger(rows) && rows > 0) return
  throw new NumPackError('ARGUMENT', `${String(rows)} rows a batch are not possible; give a positive integer`, { rows })
}
