import { itemsize } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { sizeOf, stridesOf } from '../array/indexing.ts'
import { isAscending, type RowSet } from '../array/row-set.ts'
import type { ArrayReader } from '../storage/read/reader.ts'

/** Selects elements of an array. Ranges are [start, stop) and end at the array's end. */
export interface Selection {
  /** The active rows by default. */
  readonly rowSet?: RowSet
  /** Positions in the row set. */
  readonly rows?: readonly [number, number]
  /** Columns along the last axis. */
  readonly columns?: readonly [number, number]
  /** Indices along the axes between the first and the last, for one slice of an array with more than two axes. */
  readonly index?: readonly number[]
}

/** A contiguous part of every row in a range of positions of a row set. */
export interface Region {
  readonly rowSet: RowSet
  /** The range as it is scanned: physical rows if the row set is ascending, else positions. */
  readonly start: number
  readonly stop: number
  /** Position of the first row in the row set. */
  readonly position: number
  readonly rows: number
  /** Start of the part within a row and its length, in elements. */
  readonly offset: number
  readonly width: number
  /** A row that is read in several blocks is cut at multiples of this many elements, if a block can hold that many. */
  readonly grain: number
  /** Shape of the part of one row. */
  readonly rowShape: readonly number[]
  /** Index of the part's first element along the trailing axes. */
  readonly origin: readonly number[]
}

/** Resolves a selection. Throws `ARGUMENT` or `INDEX`. */
export function regionOf(reader: ArrayReader, selection: Selection): Region {
  const { rowSet = reader.activeRowSet, rows, columns, index } = selection
  const total = rowSet.count
  const [from, to] = clip(rows ?? [0, total], total, 'rows')
  const [start, stop] = isAscending(rowSet) && to > from ? [rowSet.select(from), rowSet.select(to - 1) + 1] : [from, to]
  return { rowSet, start, stop, position: from, rows: to - from, grain: 2, ...runOf(reader, columns, index) }
}

type RowPart = Pick<Region, 'offset' | 'width' | 'rowShape' | 'origin'>

function runOf({ physicalShape }: ArrayReader, columns: Selection['columns'], index: Selection['index']): RowPart {
  const rowShape = physicalShape.slice(1)
  const whole = { offset: 0, width: sizeOf(rowShape), rowShape, origin: rowShape.map(() => 0) }
  if (columns === undefined && index === undefined) return whole
  const middle = rowShape.slice(0, -1)
  const chosen = index ?? []
  if (
    chosen.length !== middle.length ||
    chosen.some((value, axis) => !(value >= 0 && value < (middle[axis] as number)))
  ) {
    throw new NumPackError(
      'INDEX',
      `[${chosen.join(', ')}] is no index along the axes between the first and the last of an array of shape (${physicalShape.join(', ')})`,
      { index: chosen },
    )
  }
  const last = rowShape.at(-1) ?? 1
  const [from, to] = clip(columns ?? [0, last], last, 'columns')
  const strides = stridesOf(rowShape, 1)
  const offset = chosen.reduce((sum, value, axis) => sum + value * (strides[axis] as number), from)
  return rowShape.length === 0
    ? { ...whole, width: to - from }
    : { offset, width: to - from, rowShape: [...middle.map(() => 1), to - from], origin: [...chosen, from] }
}

function clip(range: readonly [number, number], size: number, name: string): [number, number] {
  const [start, stop] = range
  if (!(Number.isSafeInteger(start) && Number.isSafeInteger(stop) && start >= 0)) {
    throw new NumPackError('ARGUMENT', `${name}: [${String(range)}] is no range; give two non-negative integers`)
  }
  const from = Math.min(start, size)
  return [from, Math.max(from, Math.min(stop, size))]
}

/** Estimates the bytes that a scan reads, deleted rows in between included. */
export const regionBytes = (reader: ArrayReader, { start, stop, width }: Region): number =>
  (stop - start) * width * itemsize(reader.dtype)

/** Returns the index of element number `at` of a region: [position, ...trailing index]. */
export function indexIn(reader: ArrayReader, { position, width, rowShape, origin }: Region, at: number): number[] {
  const row = position + Math.floor(at / width)
  let rest = at % width
  const strides = stridesOf(rowShape, 1)
  const index = strides.map((stride, axis) => {
    const along = Math.floor(rest / stride)
    rest -= along * stride
    return along + (origin[axis] as number)
  })
  return reader.shape.length === 0 ? [] : [row, ...index]
}
