import { itemsize } from '../format/dtype.ts'
import { moveDown } from '../array/copy.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { type Units, unitBytesOf, unitsOf } from '../array/units.ts'
import { BLOCK_BYTES } from './accumulators/kernel.ts'
import type { Region } from './region.ts'

/** Bytes that are read though nobody wants them, if what is wanted lies on both sides: quicker than reading twice. */
const GAP_BYTES = 16 * 1024

/** Elements that lie in the memory now: `rows` runs of `width`. */
export interface Block {
  readonly rows: number
  readonly width: number
  /** Number of the first row among the region's. */
  readonly row: number
  /** Where the runs begin in the region's runs: not 0 only where a run is too long for one block. */
  readonly column: number
  /** Bytes of the array that this block was about, for progress. */
  readonly bytes: number
}

/**
 * Reads the rows of a region from physical row `start` to `stop` into `memory()` (asked for before each block, at least
 * BLOCK_BYTES), close together, in blocks. Deleted rows between them are stepped over by words of the bitmap.
 */
export function* readBlocks(
  reader: ArrayReader,
  region: Region,
  start: number,
  stop: number,
  memory: () => Uint8Array,
): Generator<Block> {
  const size = itemsize(reader.dtype)
  const runBytes = region.width * size
  if (runBytes === 0) return
  const together = reader.rowBytes - runBytes <= GAP_BYTES && reader.rowBytes <= BLOCK_BYTES
  const bytesARow = together ? reader.rowBytes : runBytes
  const rowsAtOnce = Math.max(1, Math.floor(BLOCK_BYTES / bytesARow))
  const rowSet = reader.rowSet(region.view)
  for (let row = rowSet.nextIn(start, stop); row < stop; ) {
    const end = Math.min(stop, row + rowsAtOnce)
    const next = rowSet.nextIn(end, stop)
    const number = rowSet.rank(row) - region.position
    if (runBytes > BLOCK_BYTES) {
      yield* readPieces(reader, region, row, number, memory)
    } else {
      const units = unitsOf(memory(), unitBytesOf(reader.dtype))
      const rows = together ? readTogether(reader, region, row, end, units) : readApart(reader, region, row, end, units)
      yield { rows, width: region.width, row: number, column: 0, bytes: (Math.min(stop, next) - row) * runBytes }
    }
    row = next
  }
}

/** A run that is longer than a block, in pieces. */
function* readPieces(
  reader: ArrayReader,
  { offset, width, grain }: Region,
  row: number,
  number: number,
  memory: () => Uint8Array,
): Generator<Block> {
  const size = itemsize(reader.dtype)
  const room = BLOCK_BYTES / size
  const most = grain > room ? room : room - (room % grain)
  for (let column = 0; column < width; column += most) {
    const count = Math.min(most, width - column)
    reader.source.read(memory(), 0, count * size, row * reader.rowBytes + (offset + column) * size)
    yield { rows: 1, width: count, row: number, column, bytes: count * size }
  }
}

/** Reads whole rows, wanted or not, from `start` to `stop`, and closes the gaps. Returns how many were wanted. */
function readTogether(reader: ArrayReader, region: Region, start: number, stop: number, units: Units): number {
  const { rowBytes } = reader
  const unit = units.BYTES_PER_ELEMENT
  const runUnits = (region.width * itemsize(reader.dtype)) / unit
  const rowUnits = rowBytes / unit
  const offset = (region.offset * itemsize(reader.dtype)) / unit
  reader.source.read(units, 0, (stop - start) * rowBytes, start * rowBytes)
  const rowSet = reader.rowSet(region.view)
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

/** Reads the wanted part of each wanted row by itself. */
function readApart(reader: ArrayReader, region: Region, start: number, stop: number, units: Units): number {
  const size = itemsize(reader.dtype)
  const runBytes = region.width * size
  let filled = 0
  const rowSet = reader.rowSet(region.view)
  for (let row = start; row < stop; row = rowSet.nextIn(row + 1, stop)) {
    reader.source.read(units, filled * runBytes, runBytes, row * reader.rowBytes + region.offset * size)
    filled++
  }
  return filled
}
