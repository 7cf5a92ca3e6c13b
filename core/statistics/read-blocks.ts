import { itemsize } from '../format/dtype.ts'
import { moveDown } from '../array/copy.ts'
import { type AscendingRowSet, isAscending } from '../array/row-set.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { type Units, unitBytesOf, unitsOf } from '../array/units.ts'
import { BLOCK_BYTES } from './accumulators/kernel.ts'
import type { Region } from './region.ts'

/** Unwanted bytes between two wanted runs up to this size are read too: one larger read is faster than two. */
const GAP_BYTES = 16 * 1024

/** Elements in memory: `rows` rows of `width` elements. */
export interface ScanBlock {
  readonly rows: number
  readonly width: number
  /** Number of the first row within the region. */
  readonly row: number
  /** Start within the region's row; not 0 only when a row is longer than a block. */
  readonly column: number
  /** Bytes of the array that this block covers, for progress. */
  readonly bytes: number
}

/**
 * Reads the region's rows between `start` and `stop`, which count as the region's own, into `memory()`, in compact
 * blocks. Calls `memory` before each block; it must have at least BLOCK_BYTES. Skips the rows between those of an
 * ascending set by whole words of the bitmap.
 */
export function* readBlocks(
  reader: ArrayReader,
  region: Region,
  start: number,
  stop: number,
  memory: () => Uint8Array,
): Generator<ScanBlock> {
  const size = itemsize(reader.dtype)
  const runBytes = region.width * size
  const { rowSet } = region
  if (runBytes === 0) return
  if (!isAscending(rowSet)) {
    yield* readListedRows(reader, region, start, stop, memory)
    return
  }
  const together = reader.rowBytes - runBytes <= GAP_BYTES && reader.rowBytes <= BLOCK_BYTES
  const bytesARow = together ? reader.rowBytes : runBytes
  const rowsAtOnce = Math.max(1, Math.floor(BLOCK_BYTES / bytesARow))
  for (let row = rowSet.nextIn(start, stop); row < stop; ) {
    const end = Math.min(stop, row + rowsAtOnce)
    const next = rowSet.nextIn(end, stop)
    const number = rowSet.rank(row) - region.position
    if (runBytes > BLOCK_BYTES) {
      yield* readLongRow(reader, region, row, number, memory)
    } else {
      const units = unitsOf(memory(), unitBytesOf(reader.dtype))
      const rows = (together ? readSpan : readEachRow)({ reader, region, rowSet, start: row, stop: end, units })
      yield { rows, width: region.width, row: number, column: 0, bytes: (Math.min(stop, next) - row) * runBytes }
    }
    row = next
  }
}

/** Reads the rows at the positions [start, stop) of a set in any order, one by one. */
function* readListedRows(
  reader: ArrayReader,
  region: Region,
  start: number,
  stop: number,
  memory: () => Uint8Array,
): Generator<ScanBlock> {
  const { rowSet, position, offset, width } = region
  const size = itemsize(reader.dtype)
  const runBytes = width * size
  const rowsAtOnce = Math.max(1, Math.floor(BLOCK_BYTES / runBytes))
  for (let first = start; first < stop; first += rowsAtOnce) {
    if (runBytes > BLOCK_BYTES) {
      yield* readLongRow(reader, region, rowSet.select(first), first - position, memory)
      continue
    }
    const rows = new Float64Array(Math.min(rowsAtOnce, stop - first))
    rowSet.selectRange(rows, first)
    const units = unitsOf(memory(), unitBytesOf(reader.dtype))
    for (const [i, row] of rows.entries())
      reader.source.read(units, i * runBytes, runBytes, row * reader.rowBytes + offset * size)
    yield { rows: rows.length, width, row: first - position, column: 0, bytes: rows.length * runBytes }
  }
}

/** Reads a row that is longer than a block, in several blocks. */
function* readLongRow(
  reader: ArrayReader,
  { offset, width, grain }: Region,
  row: number,
  number: number,
  memory: () => Uint8Array,
): Generator<ScanBlock> {
  const size = itemsize(reader.dtype)
  const room = BLOCK_BYTES / size
  const most = grain > room ? room : room - (room % grain)
  for (let column = 0; column < width; column += most) {
    const count = Math.min(most, width - column)
    reader.source.read(memory(), 0, count * size, row * reader.rowBytes + (offset + column) * size)
    yield { rows: 1, width: count, row: number, column, bytes: count * size }
  }
}

/** The rows of a set between the physical rows `start` and `stop`, and the memory for the region's part of them. */
interface BlockRows {
  readonly reader: ArrayReader
  readonly region: Region
  readonly rowSet: AscendingRowSet
  readonly start: number
  readonly stop: number
  readonly units: Units
}

/** Reads the whole span of rows and compacts the wanted parts in place. Returns the number of wanted rows. */
function readSpan({ reader, region, rowSet, start, stop, units }: BlockRows): number {
  const { rowBytes } = reader
  const unit = units.BYTES_PER_ELEMENT
  const runUnits = (region.width * itemsize(reader.dtype)) / unit
  const rowUnits = rowBytes / unit
  const offset = (region.offset * itemsize(reader.dtype)) / unit
  reader.source.read(units, 0, (stop - start) * rowBytes, start * rowBytes)
  let filled = 0
  for (let row = start; row < stop; ) {
    const end = Math.min(stop, rowSet.nextOut(row, stop))
    const from = (row - start) * rowUnits
    if (runUnits === rowUnits) moveDown(units, from, filled * rowUnits, (end - row) * rowUnits)
    else {
      for (let i = 0; i < end - row; i++)
        moveDown(units, from + i * rowUnits + offset, (filled + i) * runUnits, runUnits)
    }
    filled += end - row
    row = Math.min(stop, rowSet.nextIn(end, stop))
  }
  return filled
}

/** Reads the wanted part of one row after the other. Returns the number of wanted rows. */
function readEachRow({ reader, region, rowSet, start, stop, units }: BlockRows): number {
  const size = itemsize(reader.dtype)
  const runBytes = region.width * size
  let filled = 0
  for (let row = start; row < stop; row = rowSet.nextIn(row + 1, stop)) {
    reader.source.read(units, filled * runBytes, runBytes, row * reader.rowBytes + region.offset * size)
    filled++
  }
  return filled
}
