import { itemsize } from '../format/dtype.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import type { Region } from './region.ts'

/** A part of a region, which one worker scans at a time, has about so many bytes. */
const PART_BYTES = 4 * 2 ** 20

/** A region in parts of whole rows, in an order that is spread over all of it from the beginning. */
export interface Parts {
  readonly count: number
  readonly rows: number
  readonly stride: number
}

/** Cuts a region into parts: none of one without elements, however many rows it has. */
export function partsOf(reader: ArrayReader, { start, stop, rows: counted, width }: Region): Parts {
  if (counted === 0 || width === 0) return { count: 0, rows: 1, stride: 1 }
  const rows = Math.max(1, Math.floor(PART_BYTES / Math.max(1, width * itemsize(reader.dtype))))
  const count = Math.ceil((stop - start) / rows)
  return { count, rows, stride: spreadStride(count) }
}

/** The physical rows of the part whose turn is `turn` (0 to count - 1). */
export function partAt({ count, rows, stride }: Parts, { start, stop }: Region, turn: number): [number, number] {
  const part = Number((BigInt(turn) * BigInt(stride)) % BigInt(count))
  const first = start + part * rows
  return [first, Math.min(stop, first + rows)]
}

/**
 * Every part once, each turn a golden section of the whole further: what has been seen at any moment is spread evenly
 * (Knuth 6.4, the three-distance theorem), so that the first figures are those of a sample of everything.
 */
function spreadStride(count: number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  for (let stride = Math.max(1, Math.round(count * golden)); ; stride++) {
    if (greatestDivisor(stride, count) === 1) return stride
  }
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))
