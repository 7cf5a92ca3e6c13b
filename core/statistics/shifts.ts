import { itemsize } from '../format/dtype.ts'
import { componentsOf, elementsOf } from '../format/elements.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { fitsFloat32, realDType } from './accumulators/sort-keys.ts'
import type { Region } from './region.ts'

const SAMPLES = 5

/**
 * Returns a typical value of each column: the median of a few elements, or 0 if none is finite. Always 0 for dtypes
 * that fit float32; see column-accumulator.ts.
 */
export function shiftsOf(reader: ArrayReader, region: Region, columns: number): Float64Array {
  const shifts = new Float64Array(columns)
  if (region.width === 0 || componentsOf(reader.dtype) === 2 || fitsFloat32(realDType(reader.dtype))) return shifts
  const samples = Array.from({ length: Math.min(SAMPLES, region.rows) }, (_, i) => sampleOf(reader, region, columns, i))
  const finite: number[] = []
  for (let column = 0; column < columns; column++) {
    finite.length = 0
    for (const sample of samples) {
      const value = Number(sample[column])
      if (Number.isFinite(value)) finite.push(value)
    }
    finite.sort((a, b) => a - b)
    shifts[column] = finite[finite.length >> 1] ?? 0
  }
  return shifts
}

/** Reads one element of each column; the samples' rows are evenly spaced. */
function sampleOf(reader: ArrayReader, region: Region, columns: number, i: number): ArrayLike<number | bigint> {
  const size = itemsize(reader.dtype)
  const row = region.rowSet.select(region.position + Math.floor((i * region.rows) / SAMPLES))
  const group = Math.floor((i * (region.width / columns)) / SAMPLES)
  const bytes = new Uint8Array(columns * size)
  reader.source.read(bytes, 0, bytes.length, row * reader.rowBytes + (region.offset + group * columns) * size)
  return elementsOf(reader.dtype, bytes)
}
