import { itemsize } from '../../format/dtype.ts'
import type { Result } from './types.ts'

export const align8 = (bytes: number): number => Math.ceil(bytes / 8) * 8

interface EncodableBlock {
  readonly bytes: Uint8Array
  /** null where both numbers of every row are its position. */
  readonly rowNumbers: { readonly physical: Float64Array; readonly logical: Float64Array } | null
}

interface DecodedBlock {
  /** rows x columns, C order, little-endian. */
  readonly elements: Uint8Array<ArrayBuffer>
  /** NaN is the logical row of a deleted one; null when both numbers of every row are its position. */
  readonly rowNumbers: { readonly physical: Float64Array; readonly logical: Float64Array } | null
}

/** Encodes the elements, then from the next multiple of 8 the physical and the logical row numbers as float64. */
export function encodeBlock({ bytes, rowNumbers }: EncodableBlock): ArrayBuffer {
  if (rowNumbers === null) {
    const { buffer } = bytes
    return buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength ? buffer : bytes.slice().buffer
  }
  const { physical, logical } = rowNumbers
  const numbersAt = align8(bytes.length)
  const out = new ArrayBuffer(numbersAt + physical.byteLength + logical.byteLength)
  new Uint8Array(out).set(bytes)
  new Float64Array(out, numbersAt, physical.length).set(physical)
  new Float64Array(out, numbersAt + physical.byteLength).set(logical)
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
  return { elements, rowNumbers: { physical, logical: new Float64Array(bytes, numbersAt + 8 * count, count) } }
}
