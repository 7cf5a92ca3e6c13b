import { itemsize } from '../format/dtype.ts'
import { elementsOf } from '../format/elements.ts'
import type { ArrayReader } from '../storage/read/reader.ts'
import { BLOCK_BYTES } from './accumulators/kernel.ts'
import { readBlocks } from './read-blocks.ts'
import type { Region } from './region.ts'

/** Up to this number of elements, sorting them takes about as long as a frame on the screen. */
const MOST_ELEMENTS = 1 << 18

/** Most bytes of rows: they are read in the engine's thread, deleted rows and other columns in between included. */
const MOST_BYTES = 1 << 24

/** Whether the distinct elements of a region are few and near enough to be counted instead of estimated. */
export const canCountDistinct = (reader: ArrayReader, { rows, width, start, stop }: Region): boolean =>
  rows * width <= MOST_ELEMENTS && (stop - start) * reader.rowBytes <= MOST_BYTES

/**
 * Counts distinct elements of a real dtype as `numpy.unique` does: NaN is one element, and -0 is 0. Reads all of them.
 * Throws `CHANGED_ON_DISK` or `IO`.
 */
export function countDistinctElements(reader: ArrayReader, region: Region): number {
  const size = itemsize(reader.dtype)
  const bytes = new Uint8Array(region.rows * region.width * size)
  const block = new Uint8Array(BLOCK_BYTES)
  reader.checkUnchanged()
  for (const { rows, width, row, column } of readBlocks(reader, region, region.start, region.stop, () => block))
    bytes.set(block.subarray(0, rows * width * size), (row * region.width + column) * size)
  const elements = elementsOf(reader.dtype, bytes).sort()
  let distinct = 0
  let before: number | bigint | undefined
  for (const element of elements) {
    // NaN, which equals nothing, is sorted to the end.
    const isSame = element === before || (Number.isNaN(element) && Number.isNaN(before))
    if (!isSame) distinct++
    before = element
  }
  return distinct
}
