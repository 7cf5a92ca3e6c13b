import { itemsize, type Scalar } from '../../format/dtype.ts'
import { bytesOf, componentsOf } from '../../format/elements.ts'
import { NumPackError } from '../../format/errors.ts'
import { isScalar, storeScalar } from '../../array/cast.ts'
import { broadcastShapes, planSelection, rowAxisOf, sizeOf } from '../../array/indexing.ts'
import { allocate } from '../../array/memory.ts'
import { type ArrayLike, NDArray } from '../../array/ndarray.ts'
import type { ArrayReader } from '../read/reader.ts'
import { type AxisSelection, type Indexer, resolveSelection, slice } from '../../array/selection.ts'
import type { InPlaceFiles } from './in-place.ts'
import { countOf, rowAt } from './rows.ts'

/** Bytes of rows that are changed at a time. */
const CHUNK_BYTES = 2 * 2 ** 20
/** Largest selection, in bytes, that can't be split by rows. */
const MAX_BYTES = 64 * 2 ** 20

/** Assigns as `NDArray.set` to logical rows [start, stop). Throws `INDEX`, `SHAPE` or `CASTING` before any change. */
export function assign(
  reader: ArrayReader,
  files: InPlaceFiles,
  [start, stop]: readonly [number, number],
  selection: readonly AxisSelection[],
  value: Scalar | ArrayLike,
): void {
  const shape = reader.shape.length === 0 ? [] : [stop - start, ...reader.shape.slice(1)]
  const indexers = resolveSelection(selection, shape)
  const resultShape = planSelection(indexers, shape, 1).shape
  const values = valuesOf(value, reader.dtype, resultShape)
  // There may be any number of rows of no bytes.
  if (reader.rowBytes === 0) return
  const first = indexers.findIndex(({ kind }) => kind !== 'separator')
  const assignRows = rowAssigner(reader, files)
  if (first < 0) return assignRows([0], [], values)
  const rows = indexers[first] as Exclude<Indexer, { kind: 'separator' }>
  const rest = (row: AxisSelection): AxisSelection[] =>
    indexers.map((indexer, axis) => (axis === first ? row : entryOf(indexer)))
  const count = countOf(rows)
  const lists = indexers.filter(({ kind }) => kind === 'list')
  const bytes = count * reader.rowBytes
  const rowAxis = rowAxisOf(indexers)
  if (bytes > CHUNK_BYTES && rowAxis !== null) {
    const perChunk = Math.max(1, Math.floor(CHUNK_BYTES / reader.rowBytes))
    const valueAxis = rowAxis - (resultShape.length - values.ndim)
    const perRow = valueAxis >= 0 && values.shape[valueAxis] === count
    const axesBefore = Array<null>(Math.max(0, valueAxis)).fill(null)
    for (let from = 0; from < count; from += perChunk) {
      const to = Math.min(count, from + perChunk)
      const chunk = Array.from({ length: to - from }, (_, i) => start + rowAt(rows, from + i))
      const entry = rows.kind === 'list' ? chunk.map((_, i) => i) : null
      assignRows(chunk, rest(entry), perRow ? (values.get(...axesBefore, slice(from, to)) as NDArray) : values)
    }
    return
  }
  if (bytes > MAX_BYTES) {
    throw new NumPackError(
      'ARGUMENT',
      `this selection of ${lists.length} index lists spreads over ${bytes} bytes of rows; name fewer rows at a time`,
    )
  }
  if (rows.kind !== 'list') {
    const all = Array.from({ length: count }, (_, i) => start + rowAt(rows, i))
    return assignRows(all, rest(rows.kind === 'integer' ? 0 : null), values)
  }
  const unique = [...new Set(rows.values)].sort((a, b) => a - b)
  const places = new Map(unique.map((row, i) => [row, i]))
  const compact = new NDArray(
    'float64',
    rows.shape,
    rows.values.map(row => places.get(row) as number),
  ).toList() as AxisSelection
  assignRows(
    unique.map(row => row + start),
    rest(compact),
    values,
  )
}

export function entryOf(indexer: Indexer, by = 0): AxisSelection {
  switch (indexer.kind) {
    case 'separator':
      return '...'
    case 'integer':
      return indexer.index + by
    case 'list': {
      const moved = indexer.values.map(value => value + by)
      return new NDArray('float64', indexer.shape, moved).toList() as AxisSelection
    }
    case 'range': {
      if (indexer.count === 0) return slice(0, 0)
      const start = indexer.start + by
      const last = start + (indexer.count - 1) * indexer.step
      if (indexer.step > 0) return slice(start, last + 1, indexer.step)
      return slice(start, last === 0 ? null : last - 1, indexer.step)
    }
  }
  return indexer satisfies never
}

/** Throws `SHAPE` if the value can't be broadcast to the selection. */
function valuesOf(value: Scalar | ArrayLike, dtype: ArrayReader['dtype'], shape: readonly number[]): NDArray {
  if (isScalar(value)) {
    const scalar = NDArray.zeros([], dtype)
    storeScalar(dtype, scalar.data, 0, value)
    return scalar
  }
  const array = NDArray.from(value, { dtype })
  let extra = 0
  while (array.ndim - extra > shape.length && array.shape[extra] === 1) extra++
  const own = array.shape.slice(extra)
  const stretched = own.length <= shape.length ? broadcastShapes(own, shape) : own
  if (stretched.length === shape.length && stretched.every((length, axis) => length === shape[axis])) {
    return new NDArray(dtype, own, array.data)
  }
  throw new NumPackError('SHAPE', `a value of shape (${own.join(', ')}) can't fill (${shape.join(', ')})`, { shape })
}

/** All calls share one buffer: V8 would otherwise let dozens of megabytes pile up. */
function rowAssigner(
  reader: ArrayReader,
  files: InPlaceFiles,
): (rows: readonly number[], selection: AxisSelection[], values: NDArray) => void {
  const { rowMap, rowBytes, dtype } = reader
  const rowShape = reader.shape.slice(1)
  let memory = allocate(dtype, 0)
  const readRows = (rows: readonly number[], isRun: boolean): NDArray => {
    if (reader.shape.length === 0) return reader.readAll()
    const length = rows.length * sizeOf(rowShape)
    const components = componentsOf(dtype)
    if (memory.length < length * components) memory = allocate(dtype, length)
    const data = memory.subarray(0, length * components)
    const [first = 0] = rows
    if (isRun) return reader.readRows(first, first + rows.length, data)
    const block = new NDArray(dtype, [rows.length, ...rowShape], data)
    reader.select([[...rows]], block)
    return block
  }
  return (rows, selection, values) => {
    if (rowBytes === 0 || rows.length === 0) return
    const isRun = rows.every((row, i) => i === 0 || row === (rows[i - 1] as number) + 1)
    const block = readRows(rows, isRun)
    block.set(selection, values)
    const bytes = bytesOf(block.data).subarray(0, sizeOf(block.shape) * itemsize(dtype))
    using writer = files.open(reader.source)
    const physical = rowMap?.selectActiveAll(Float64Array.from(rows)) ?? rows
    for (let from = 0; from < rows.length; ) {
      let to = from + 1
      while (to < rows.length && physical[to] === (physical[to - 1] as number) + 1) to++
      writer.write(bytes.subarray(from * rowBytes, to * rowBytes), (physical[from] as number) * rowBytes)
      from = to
    }
  }
}
