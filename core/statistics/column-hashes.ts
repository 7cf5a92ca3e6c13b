import { type DType, itemsize } from '../format/dtype.ts'
import type { ScanBlock } from './read-blocks.ts'
import type { Scanner } from './scan-result.ts'
import { BLOCK_BYTES } from './accumulators/kernel.ts'
import { fmix32 } from './accumulators/murmur3.ts'
import type { Region } from './region.ts'

/**
 * Hashes of columns: two sums modulo 2^32 over the rows. An element and its row are mixed to 64 bits, 32 for each sum.
 * Equal columns have equal hashes; different ones collide once in 2^64 pairs. Hashes of parts add up. Not safe against
 * deliberate collisions.
 */
export type ColumnHashes = Uint32Array

export const mergeColumnHashes = (a: ColumnHashes, b: ColumnHashes): ColumnHashes =>
  a.map((hash, i) => hash + (b[i] as number))

/** Creates a scanner that computes two hash words for each of `columns` (ascending column numbers of the region). */
export function createHashScanner(dtype: DType, { position }: Region, columns: Int32Array): Scanner {
  const input = new Uint8Array(BLOCK_BYTES)
  const size = itemsize(dtype)
  const words = wordsOf(input, size)
  const wordsEach = Math.max(1, size / 4)
  const hashes = new Uint32Array(2 * columns.length)
  const take = ({ row, rows, column, width }: ScanBlock): void => {
    const [first, end] = [firstFrom(columns, column), firstFrom(columns, column + width)]
    for (let r = 0; r < rows; r++) {
      const rowHash = fmix32((position + row + r) | 0)
      for (let i = first; i < end; i++) {
        const at = (r * width + (columns[i] as number) - column) * wordsEach
        // Two words of state: one would let elements of several words collide once in 2^32 pairs.
        let hash = rowHash
        let previous = 0
        for (let word = 0; word < wordsEach; word++) {
          const next = fmix32(Math.imul(hash, 5) + previous + (words[at + word] as number))
          previous = hash
          hash = next
        }
        hashes[2 * i] = (hashes[2 * i] as number) + hash
        hashes[2 * i + 1] = (hashes[2 * i + 1] as number) + fmix32(Math.imul(hash, 5) + previous + 0x2545f491)
      }
    }
  }
  return { memory: () => input, take, result: () => ({ kind: 'hashes', hashes: hashes.slice() }) }
}

/** Views elements as unsigned words of up to 32 bits. */
const wordsOf = ({ buffer }: Uint8Array<ArrayBuffer>, size: number): Uint8Array | Uint16Array | Uint32Array =>
  size === 1 ? new Uint8Array(buffer) : size === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer)

/** Returns the position of the first number that is at least `least` (binary search). */
function firstFrom(numbers: Int32Array, least: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] as number) < least) low = middle + 1
    else high = middle
  }
  return low
}
