import { type DType, itemsize, type Scalar, type TypedArray } from '../../format/dtype.ts'
import { nodeView, scalarAt } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import { moveDown } from '../../array/copy.ts'
import { readPlan } from './read-plan.ts'
import { StatThrottle } from '../../system/stat-throttle.ts'
import { isSameFile, statIfThere } from '../../system/file-stat.ts'
import { changedOnDisk } from '../../system/handles.ts'
import { planSelection, type SelectionPlan, sizeOf, stridesOf } from '../../array/indexing.ts'
import { allocate } from '../../array/memory.ts'
import { NDArray, selectsScalar } from '../../array/ndarray.ts'
import { listedLoop, type Loop, type Plan, stridedLoop } from '../../array/plan.ts'
import { ActiveRows, type AscendingRowSet, DeletedRows, FirstRows, type RowSet } from '../../array/row-set.ts'
import type { RowMap } from '../../array/rowmap.ts'
import { type AxisSelection, resolveIndex, resolveSelection } from '../../array/selection.ts'
import type { Block, BlockRequest } from './block.ts'
import { withPlainBools } from './plain-bools.ts'
import type { DataSource } from './source.ts'
import { type Units, unitBytesOf, unitsOf } from '../../array/units.ts'

/** Rows whose physical rows are computed at a time. */
const ROWS_AT_ONCE = 16_384
/** Below this ratio of physical to active rows, read the whole span and compact it in memory: fewer, larger reads. */
const MOSTLY_ACTIVE = 2
/** Bytes read before they are compacted; fits the second-level cache. */
const CACHED_BYTES = 384 * 1024

interface ArrayParts {
  readonly name: string
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly physicalShape: readonly number[]
  readonly rowMap: RowMap | null
  readonly source: DataSource
  readonly generation: number
}

/** Reads one array in its state at the store's last refresh. Opens files at the first read. */
export class ArrayReader {
  readonly name: string
  readonly dtype: DType
  /** Without the deleted rows. */
  readonly shape: readonly number[]
  /** Deleted rows included. */
  readonly physicalShape: readonly number[]
  /** null if no row is deleted. */
  readonly rowMap: RowMap | null
  readonly source: DataSource
  readonly generation: number
  /** 1 for a 0-D array. */
  readonly physicalRows: number
  readonly activeRows: number
  readonly rowBytes: number
  readonly #rowShape: readonly number[]
  readonly #rowSize: number
  readonly #throttle = new StatThrottle()
  #mtimeNs: bigint | null = null

  constructor(parts: ArrayParts) {
    this.name = parts.name
    this.dtype = parts.dtype
    this.shape = parts.shape
    this.physicalShape = parts.physicalShape
    this.rowMap = parts.rowMap
    this.source = parts.dtype === 'bool' ? withPlainBools(parts.source) : parts.source
    this.generation = parts.generation
    this.physicalRows = parts.physicalShape[0] ?? 1
    this.activeRows = parts.shape[0] ?? 1
    this.#rowShape = parts.physicalShape.slice(1)
    this.#rowSize = sizeOf(this.#rowShape)
    this.rowBytes = this.#rowSize * itemsize(parts.dtype)
  }

  get activeRowSet(): AscendingRowSet {
    return this.rowMap === null ? new FirstRows(this.activeRows) : new ActiveRows(this.rowMap)
  }

  get physicalRowSet(): AscendingRowSet {
    return new FirstRows(this.physicalRows)
  }

  get deletedRowSet(): AscendingRowSet {
    return this.rowMap === null ? new FirstRows(0) : new DeletedRows(this.rowMap)
  }

  isDeleted(physical: number): boolean {
    return this.rowMap !== null && !this.rowMap.isActive(physical)
  }

  /** Returns the share (0..1) of deleted rows in each of `buckets` equal ranges of physical rows. */
  deletionShares(buckets: number): Float64Array {
    const shares = new Float64Array(buckets)
    const { rowMap, physicalRows } = this
    if (rowMap === null || physicalRows === 0) return shares
    for (let bucket = 0; bucket < buckets; bucket++) {
      const start = Math.floor((bucket * physicalRows) / buckets)
      const stop = Math.min(physicalRows, Math.max(start + 1, Math.floor(((bucket + 1) * physicalRows) / buckets)))
      shares[bucket] = (rowMap.rankDeleted(stop) - rowMap.rankDeleted(start)) / (stop - start)
    }
    return shares
  }

  /** Returns the file that holds an element, relative to the store, and the element's byte offset in it. */
  locate(physicalRow: number, index: readonly number[], column: number): { file: string; offset: number } {
    const { base, columnBytes, columns } = this.#rowLayout(index)
    if (physicalRow < 0 || physicalRow >= this.physicalRows) throw outOfRange(0, physicalRow, this.physicalRows)
    if (column < 0 || column >= columns) throw outOfRange(this.shape.length - 1, column, columns)
    return this.source.locate(physicalRow * this.rowBytes + base + column * columnBytes)
  }

  /** Reads a block. A 1-D array has one column, a 0-D array also one row. Throws `INDEX` or `CHANGED_ON_DISK`. */
  readBlock(request: BlockRequest): Block {
    this.checkUnchanged()
    const layout = this.#rowLayout(request.index)
    const set = request.rowSet
    const rows = clip(request.rows, set.count)
    const columns = clip(request.columns, layout.columns)
    const rowCount = rows[1] - rows[0]
    const columnCount = columns[1] - columns[0]
    const size = rowCount * columnCount * itemsize(this.dtype)
    const bytes = request.out?.subarray(0, size) ?? new Uint8Array(size)
    if (bytes.length < size)
      throw new NumPackError('ARGUMENT', `readBlock: ${size} bytes don't fit into ${bytes.length}`)
    const unit = unitBytesOf(this.dtype)
    const itemUnits = itemsize(this.dtype) / unit
    const physical = set.isIdentity && this.rowMap === null ? null : physicalRowsOf(set, rows)
    const rowUnits = this.rowBytes / unit
    const rowLoop: Loop =
      physical === null || set.isIdentity
        ? stridedLoop(rowCount, rows[0] * rowUnits, rowUnits, columnCount * itemUnits)
        : listedLoop(
            physical.map(row => row * rowUnits),
            columnCount * itemUnits,
          )
    const base = (layout.base + columns[0] * layout.columnBytes) / unit
    const loops = [rowLoop, stridedLoop(columnCount, 0, itemUnits, itemUnits)]
    if (size > 0) readPlan(this.source, { base, loops, blockUnits: itemUnits }, unitsOf(bytes, unit))
    return {
      rows,
      columns,
      bytes,
      rowNumbers: physical && { physical, logical: this.#logicalRowsOf(physical) },
    }
  }

  /** Reads a logical row: one axis less, or a scalar of a 1-D array. Negative numbers count from the end. */
  readRow(index: number): NDArray | Scalar {
    this.checkUnchanged()
    const row = resolveIndex(index, 0, this.activeRows)
    const data = allocate(this.dtype, this.#rowSize)
    this.#fill(data, row, 1)
    return this.#rowShape.length === 0 ? scalarAt(this.dtype, data, 0) : new NDArray(this.dtype, this.#rowShape, data)
  }

  /** Reads the logical rows [start, stop), which must exist. `out` must hold exactly them. */
  readRows(start: number, stop: number, out?: TypedArray): NDArray {
    this.checkUnchanged()
    const count = stop - start
    const data = out ?? allocate(this.dtype, count * this.#rowSize)
    this.#fill(data, start, count)
    this.#throttle.touch()
    return new NDArray(this.dtype, [count, ...this.#rowShape], data)
  }

  /** As `readRow`. Throws `DTYPE` or `SHAPE` unless `out` fits. */
  readRowInto(out: NDArray, index: number): void {
    this.checkUnchanged()
    const row = resolveIndex(index, 0, this.activeRows)
    this.#fill(this.#checkOut(out, this.#rowSize), row, 1)
  }

  readRowsInto(out: NDArray, start: number, count: number): void {
    this.checkUnchanged()
    this.#fill(this.#checkOut(out, count * this.#rowSize), start, count)
    this.#throttle.touch()
  }

  readAll(): NDArray {
    if (this.shape.length > 0) return this.readRows(0, this.activeRows)
    this.checkUnchanged()
    const data = allocate(this.dtype, 1)
    this.source.read(nodeView(data), 0, this.rowBytes, 0)
    return new NDArray(this.dtype, [], data)
  }

  *deletedRows(): IterableIterator<number> {
    const { rowMap } = this
    if (rowMap === null) return
    for (let row = rowMap.nextDeleted(0); row < rowMap.rows; row = rowMap.nextDeleted(row + 1)) yield row
  }

  /** Reads a selection of logical rows. `out` must have the same dtype and number of elements. */
  select(selection: readonly AxisSelection[], out?: NDArray): NDArray | Scalar {
    this.checkUnchanged()
    const indexers = resolveSelection(selection, this.shape)
    const unit = unitBytesOf(this.dtype)
    const planned = planSelection(indexers, this.shape, itemsize(this.dtype) / unit, { rowMap: this.rowMap })
    const data =
      out === undefined ? allocate(this.dtype, sizeOf(planned.shape)) : this.#checkOut(out, sizeOf(planned.shape))
    if (data.length > 0) this.#readPlanned(planned, unitsOf(data, unit))
    this.#throttle.touch()
    if (selectsScalar(indexers, this.shape)) return scalarAt(this.dtype, data, 0)
    return new NDArray(this.dtype, planned.shape, data)
  }

  #checkOut(out: NDArray, size: number): TypedArray {
    if (out.dtype !== this.dtype) {
      throw new NumPackError('DTYPE', `the array to read into is ${out.dtype}, array '${this.name}' is ${this.dtype}`)
    }
    if (out.size === size) return out.data
    throw new NumPackError('SHAPE', `the array to read into has ${out.size} elements, the selection ${size}`)
  }

  #fill(data: TypedArray, start: number, count: number): void {
    const { rowMap, rowBytes } = this
    if (data.length === 0) return
    if (rowMap !== null && count > 1) this.#readScatteredRows(data, rowMap, start, count)
    else this.source.read(nodeView(data), 0, count * rowBytes, (rowMap?.selectActive(start) ?? start) * rowBytes)
  }

  #readScatteredRows(data: ArrayBufferView, rowMap: RowMap, start: number, count: number): void {
    const target = unitsOf(data, unitBytesOf(this.dtype))
    const span = rowMap.selectActive(start + count - 1) - rowMap.selectActive(start) + 1
    if (span <= MOSTLY_ACTIVE * count) {
      this.#readAndCloseGaps(target, rowMap, start, count)
      return
    }
    const rowUnits = this.rowBytes / target.BYTES_PER_ELEMENT
    const loops = [stridedLoop(count, start * rowUnits, rowUnits, rowUnits)]
    this.#readPlanned({ plan: { base: 0, loops, blockUnits: rowUnits }, rangesOverRows: true }, target)
  }

  #readAndCloseGaps(target: Units, rowMap: RowMap, start: number, count: number): void {
    const { rowBytes } = this
    const rowUnits = rowBytes / target.BYTES_PER_ELEMENT
    const rowsAtOnce = Math.max(1, Math.floor(CACHED_BYTES / rowBytes))
    let first = rowMap.selectActive(start)
    for (let filled = 0; filled < count; ) {
      const end = Math.min(first + count - filled, first + rowsAtOnce, rowMap.rows)
      this.source.read(target, filled * rowBytes, (end - first) * rowBytes, first * rowBytes)
      filled = closeGaps(target, rowUnits, rowMap, first, end, filled)
      first = rowMap.nextActive(end)
    }
  }

  /** Reads a plan whose first loop may count logical rows, which are translated some at a time. */
  #readPlanned({ plan, rangesOverRows }: Pick<SelectionPlan, 'plan' | 'rangesOverRows'>, target: Units): void {
    const { rowMap } = this
    const [rows, ...inner] = plan.loops
    if (rowMap === null || !rangesOverRows || rows === undefined || rowMap.deletedRows === 0) {
      readPlan(this.source, plan, target)
      return
    }
    const rowUnits = this.rowBytes / target.BYTES_PER_ELEMENT
    for (let done = 0; done < rows.count; done += ROWS_AT_ONCE) {
      const count = Math.min(ROWS_AT_ONCE, rows.count - done)
      const first = (rows.offset + done * rows.stride) / rowUnits
      const physical = this.#loopOverRows(rowMap, first, rows.stride / rowUnits, count, rowUnits)
      const chunk: Plan = { ...plan, loops: [{ ...physical, resultStride: rows.resultStride }, ...inner] }
      readPlan(this.source, chunk, target, done * rows.resultStride)
    }
  }

  /** Returns a loop over the physical rows of logical ones; a strided one if no deleted row lies between. */
  #loopOverRows(rowMap: RowMap, first: number, step: number, count: number, rowUnits: number): Loop {
    const start = rowMap.selectActive(first)
    const last = rowMap.selectActive(first + (count - 1) * step)
    if (last - start === (count - 1) * step) return stridedLoop(count, start * rowUnits, step * rowUnits, 0)
    const rows = new Float64Array(count)
    if (step === 1) rowMap.fillActive(rows, first)
    else {
      for (let i = 0; i < count; i++) rows[i] = first + i * step
      rows.set(rowMap.selectActiveAll(rows))
    }
    for (let i = 0; i < count; i++) rows[i] = (rows[i] as number) * rowUnits
    return listedLoop(rows, 0)
  }

  /** Throws `CHANGED_ON_DISK` if the file was replaced or lost rows. Checks once in a burst of quick operations. */
  checkUnchanged(): void {
    if (!this.#throttle.shouldCheck()) return
    const [part] = this.source.parts
    if (part === undefined) return
    const stat = statIfThere(part.file.path)
    if (stat === undefined) throw changedOnDisk(part.file.path, 'it is gone')
    if (!isSameFile(stat, part.file.identity)) {
      part.file.close()
      throw changedOnDisk(part.file.path, 'it was replaced by another file')
    }
    if (stat.size < part.bytes) throw changedOnDisk(part.file.path, 'it became shorter')
    // On overlayfs an open descriptor keeps giving the bytes from before the file was first written to.
    if (this.#mtimeNs !== null && stat.mtimeNs !== this.#mtimeNs) this.source.close()
    this.#mtimeNs = stat.mtimeNs
    this.#throttle.checked()
  }

  #rowLayout(index: readonly number[]): { base: number; columns: number; columnBytes: number } {
    const { physicalShape } = this
    const columnBytes = itemsize(this.dtype)
    if (index.length !== Math.max(0, physicalShape.length - 2)) {
      throw new NumPackError(
        'INDEX',
        `an array of ${physicalShape.length} axes needs ${Math.max(0, physicalShape.length - 2)} middle indices, not ${index.length}`,
      )
    }
    if (physicalShape.length < 2) return { base: 0, columns: 1, columnBytes }
    const strides = stridesOf(physicalShape, columnBytes)
    let base = 0
    for (const [i, value] of index.entries()) {
      const size = physicalShape[i + 1] as number
      if (value < 0 || value >= size) throw outOfRange(i + 1, value, size)
      base += value * (strides[i + 1] as number)
    }
    return { base, columns: physicalShape.at(-1) as number, columnBytes }
  }

  /** Returns NaN for a deleted row. */
  #logicalRowsOf(physical: Float64Array): Float64Array {
    const { rowMap } = this
    if (rowMap === null) return physical
    return physical.map(row => (rowMap.isActive(row) ? rowMap.rankActive(row) : Number.NaN))
  }
}

function physicalRowsOf(set: RowSet, [start, stop]: readonly [number, number]): Float64Array {
  const rows = new Float64Array(stop - start)
  set.selectRange(rows, start)
  return rows
}

/** Compacts the active rows of [first, end), in `target` from row `at` on. Returns its next free row. */
function closeGaps(target: Units, rowUnits: number, rowMap: RowMap, first: number, end: number, at: number): number {
  let free = at
  rowMap.eachActiveRun(first, end, (start, stop) => {
    moveDown(target, (start - first + at) * rowUnits, free * rowUnits, (stop - start) * rowUnits)
    free += stop - start
  })
  return free
}

const clip = ([start, stop]: readonly [number, number], size: number): [number, number] => {
  const from = Math.min(start, size)
  return [from, Math.max(from, Math.min(stop, size))]
}

const outOfRange = (axis: number, index: number, size: number): NumPackError =>
  new NumPackError('INDEX', `index ${index} is out of range for axis ${axis} with size ${size}`, { axis, index, size })
