import { itemsize } from '../format/dtype.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import type { Region } from './region.ts'

/** Approximate size of the chunk that a worker scans at a time. */
const CHUNK_BYTES = 4 * 2 ** 20

/** A region divided into chunks of whole rows, ordered so that every prefix is spread over the region. */
export interface ScanChunks {
  readonly count: number
  readonly rows: number
  readonly stride: number
}

/** Divides a region into chunks; a region without elements has none. */
export function chunksOf(reader: ArrayReader, { start, stop, rows: counted, width }: Region): ScanChunks {
  if (counted === 0 || width === 0) return { count: 0, rows: 1, stride: 1 }
  const rows = Math.max(1, Math.floor(CHUNK_BYTES / Math.max(1, width * itemsize(reader.dtype))))
  const count = Math.ceil((stop - start) / rows)
  return { count, rows, stride: spreadStride(count) }
}

/** Returns the range of chunk `index` (0 to count - 1), which counts as the region's own. */
export function chunkAt({ count, rows, stride }: ScanChunks, { start, stop }: Region, index: number): [number, number] {
  const part = Number((BigInt(index) * BigInt(stride)) % BigInt(count))
  const first = start + part * rows
  return [first, Math.min(stop, first + rows)]
}

/**
 * Returns a stride near the golden section of `count` and coprime to it. Visiting chunks by this stride spreads any
 * prefix evenly (Knuth 6.4, three-distance theorem), so that the first statistics come from a sample of the whole
 * array.
 */
function spreadStride(count: number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  for (let stride = Math.max(1, Math.round(count * golden)); ; stride++) {
    if (greatestDivisor(stride, count) === 1) return stride
  }
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b))
