import { itemsize } from '../../format/dtype.ts'
import type { Result } from './types.ts'

/** The next multiple of 8, at which typed arrays of any element can begin. */
export const align8 = (bytes: number): number => Math.ceil(bytes / 8) * 8

/** The elements of some rows and columns of an array, as the engine reads them. */
interface EncodableBlock {
  /** Positions in the row set, [start, stop). */
  readonly rows: readonly [number, number]
  readonly bytes: Uint8Array
  /** The physical row of each row; null where it is the position. */
  readonly physicalRows: Float64Array | null
  /** 1 for each deleted row; null where none is. */
  readonly deleted: Uint8Array | null
}

/** The parts of a `readWindow` reply's bytes, as views on them. */
interface DecodedBlock {
  /** rows x columns, C order, little-endian. */
  readonly elements: Uint8Array<ArrayBuffer>
  /** null when the physical row is the position and no row is deleted. */
  readonly rowNumbers: { readonly physical: Float64Array; readonly deleted: Uint8Array } | null
}

/** Whether a block travels with row numbers: its positions are not the physical rows, or some rows are deleted. */
export const hasRowNumbers = ({ physicalRows, deleted }: EncodableBlock): boolean =>
  physicalRows !== null || deleted !== null

/**
 * Encodes a block as the bytes of a `readWindow` reply: the elements; then, with row numbers, from the next multiple of 8,
 * the physical row of each row as float64 and one byte per row (1 = deleted). A block without row numbers that fills its
 * buffer is not copied.
 */
export function encodeBlock(block: EncodableBlock): ArrayBuffer {
  const { bytes, rows, physicalRows, deleted } = block
  if (!hasRowNumbers(block)) {
    const { buffer } = bytes
    return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? buffer : bytes.slice().buffer
  }
  const [start, stop] = rows
  const count = stop - start
  const numbersAt = align8(bytes.length)
  const out = new ArrayBuffer(numbersAt + count * 9)
  new Uint8Array(out).set(bytes)
  const numbers = new Float64Array(out, numbersAt, count)
  if (physicalRows === null) for (let i = 0; i < count; i++) numbers[i] = start + i
  else numbers.set(physicalRows)
  if (deleted !== null) new Uint8Array(out, numbersAt + count * 8).set(deleted)
  return out
}

/** Decodes the bytes of a `readWindow` reply. Throws a RangeError when they are fewer than the header says. */
export function decodeBlock(header: Result<'readWindow'>, bytes: ArrayBuffer): DecodedBlock {
  const count = header.rows[1] - header.rows[0]
  const length = count * (header.columns[1] - header.columns[0]) * itemsize(header.dtype)
  const elements = new Uint8Array(bytes, 0, length)
  if (!header.hasRowNumbers) return { elements, rowNumbers: null }
  const numbersAt = align8(length)
  const physical = new Float64Array(bytes, numbersAt, count)
  return { elements, rowNumbers: { physical, deleted: new Uint8Array(bytes, numbersAt + 8 * count, count) } }
}
