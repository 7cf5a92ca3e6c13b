import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { Block } from '../../storage/read/block.ts'

const aligned = (length: number): number => Math.ceil(length / 8) * 8

/** Throws `ARGUMENT` for more elements than are read for one answer. */
export function checkElements(request: string, elements: number, where = ''): void {
  if (elements <= LIMITS.windowElements) return
  throw new NumPackError(
    'ARGUMENT',
    `${request}: ${elements} elements are asked for${where}; at most ${LIMITS.windowElements} are read at once`,
    { elements, limit: LIMITS.windowElements },
  )
}

/** Whether a block comes with row numbers: its positions are not the physical rows, or some rows are deleted. */
export const hasRowNumbers = (block: Block): boolean => block.physicalRows !== null || block.deleted !== null

/** A block as the bytes of a `readWindow` reply (see WindowHeader). */
export function windowBytes(block: Block): ArrayBuffer {
  const { bytes, rows, physicalRows, deleted } = block
  if (!hasRowNumbers(block)) return bytes.slice().buffer
  const [start, stop] = rows
  const count = stop - start
  const numbersAt = aligned(bytes.length)
  const out = new ArrayBuffer(numbersAt + count * 9)
  new Uint8Array(out).set(bytes)
  const numbers = new Float64Array(out, numbersAt, count)
  if (physicalRows === null) for (let i = 0; i < count; i++) numbers[i] = start + i
  else numbers.set(physicalRows)
  if (deleted !== null) new Uint8Array(out, numbersAt + count * 8).set(deleted)
  return out
}
