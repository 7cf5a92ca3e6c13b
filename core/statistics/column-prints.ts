import { type DType, itemsize } from '../format/dtype.ts'
import type { Block } from './blocks.ts'
import type { Pass } from './findings.ts'
import { BLOCK_BYTES } from './accumulators/kernel.ts'
import { mixed } from './accumulators/mixed.ts'
import type { Region } from './region.ts'

/**
 * Fingerprints of columns: two sums modulo 2^32 over the rows of a mix of an element's bits and its row, 64 bits in all.
 * Columns with the same elements in the same rows have the same; others share them by chance once in 2^64 pairs. Sums of
 * parts add up. Not made to withstand somebody who looks for two columns that share them.
 */
export type ColumnPrints = Uint32Array

/** The prints of parts that have no row in common. */
export const mergePrints = (a: ColumnPrints, b: ColumnPrints): ColumnPrints =>
  a.map((print, i) => print + (b[i] as number))

/** A pass that takes the prints of `columns` (ascending numbers of a region's columns): two numbers for each. */
export function printPass(dtype: DType, { position }: Region, columns: Int32Array): Pass {
  const input = new Uint8Array(BLOCK_BYTES)
  const size = itemsize(dtype)
  const words = wordsOf(input, size)
  const wordsEach = Math.max(1, size / 4)
  const prints = new Uint32Array(2 * columns.length)
  const take = ({ row, rows, column, width }: Block): void => {
    const [first, end] = [firstFrom(columns, column), firstFrom(columns, column + width)]
    for (let r = 0; r < rows; r++) {
      const place = mixed((position + row + r) | 0)
      for (let i = first; i < end; i++) {
        const at = (r * width + (columns[i] as number) - column) * wordsEach
        let bits = place
        for (let word = 0; word < wordsEach; word++) bits = mixed(Math.imul(bits, 5) + (words[at + word] as number))
        prints[2 * i] = (prints[2 * i] as number) + bits
        prints[2 * i + 1] = (prints[2 * i + 1] as number) + mixed(bits ^ 0x2545f491)
      }
    }
  }
  return { memory: () => input, take, findings: () => ({ kind: 'prints', prints: prints.slice() }) }
}

/** Elements as unsigned integers of up to 32 bits: one each, or several. */
const wordsOf = ({ buffer }: Uint8Array<ArrayBuffer>, size: number): Uint8Array | Uint16Array | Uint32Array =>
  size === 1 ? new Uint8Array(buffer) : size === 2 ? new Uint16Array(buffer) : new Uint32Array(buffer)

/** Where in ascending numbers the first one lies that is at least `least`. */
function firstFrom(numbers: Int32Array, least: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] as number) < least) low = middle + 1
    else high = middle
  }
  return low
}
