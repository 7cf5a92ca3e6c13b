import { itemsize } from '../format/dtype.ts'
import { componentsOf, elementsOf } from '../format/elements.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { isNarrow, realDType } from './accumulators/keys.ts'
import type { Region } from './region.ts'

/** Elements of each column that are looked at. */
const SAMPLES = 5

/**
 * A number of each column, about where most of it lies: the median of a few elements, 0 where none is finite. For dtypes whose
 * elements float32 holds it is 0: see columns.ts.
 */
export function centersOf(reader: ArrayReader, region: Region, columns: number): Float64Array {
  const centers = new Float64Array(columns)
  if (region.width === 0 || componentsOf(reader.dtype) === 2 || isNarrow(realDType(reader.dtype))) return centers
  const samples = Array.from({ length: Math.min(SAMPLES, region.rows) }, (_, i) => sampleOf(reader, region, columns, i))
  const met: number[] = []
  for (let column = 0; column < columns; column++) {
    met.length = 0
    for (const sample of samples) {
      const value = Number(sample[column])
      if (Number.isFinite(value)) met.push(value)
    }
    met.sort((a, b) => a - b)
    centers[column] = met[met.length >> 1] ?? 0
  }
  return centers
}

/** One element of each column, of rows that are spread evenly. */
function sampleOf(reader: ArrayReader, region: Region, columns: number, i: number): ArrayLike<number | bigint> {
  const size = itemsize(reader.dtype)
  const row = reader.rowSet(region.view).select(region.position + Math.floor((i * region.rows) / SAMPLES))
  const group = Math.floor((i * (region.width / columns)) / SAMPLES)
  const bytes = new Uint8Array(columns * size)
  reader.source.read(bytes, 0, bytes.length, row * reader.rowBytes + (region.offset + group * columns) * size)
  return elementsOf(reader.dtype, bytes)
}
