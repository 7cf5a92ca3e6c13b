/** `deleted_<name>.npkb`: the active rows of an array (docs/format.md 1.2). */

const HEADER_BYTES = 16

const wordBytesOf = (rows: number): number => 8 * Math.ceil(rows / 64)

export const bitmapBytesOf = (rows: number): number => HEADER_BYTES + wordBytesOf(rows)

export interface Bitmap {
  /** Row i is bit `i % 32` of word `i / 32`, 1 = active. Ignore bits after the last row; missing rows are active. */
  readonly words: Uint32Array
  /** Deleted rows according to the header; null in bare words. The words take precedence. */
  readonly storedDeleted: number | null
  /** The length differs from the header's: the bitmap is readable but must not be written. */
  readonly torn: boolean
}

/**
 * Decodes a bitmap; shares memory if aligned. The first `bitmapBytesOf(rows)` + 1 of its `size` bytes are enough.
 * Returns a sentence about the problem if the file has neither NumPack's layout nor bare words.
 */
export function decodeBitmap(bytes: Uint8Array, rows: number, size: number = bytes.length): Bitmap | string {
  const wordBytes = wordBytesOf(rows)
  if (bytes.length >= HEADER_BYTES) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const storedRows = view.getBigUint64(0, true)
    const storedDeleted = view.getBigUint64(8, true)
    if (storedRows === BigInt(rows) && storedDeleted <= storedRows) {
      return {
        words: wordsOf(bytes.subarray(HEADER_BYTES, HEADER_BYTES + wordBytes)),
        storedDeleted: Number(storedDeleted),
        torn: bytes.length !== HEADER_BYTES + wordBytes,
      }
    }
  }
  if (bytes.length === wordBytes) return { words: wordsOf(bytes), storedDeleted: null, torn: false }
  return `its deletion bitmap is not one for ${rows} rows (${size} bytes)`
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const length = Math.floor(bytes.length / 4)
  if (bytes.byteOffset % 4 === 0) return new Uint32Array(bytes.buffer, bytes.byteOffset, length)
  return new Uint32Array(bytes.slice(0, length * 4).buffer)
}

export function encodeBitmap(rows: number, isDeleted: (row: number) => boolean): Uint8Array {
  const words = new Uint32Array(2 * Math.ceil(rows / 64))
  let deleted = 0
  for (let row = 0; row < rows; row++) {
    if (isDeleted(row)) deleted++
    else words[row >>> 5] = (words[row >>> 5] ?? 0) | (1 << (row & 31))
  }
  const out = new Uint8Array(HEADER_BYTES + words.byteLength)
  const view = new DataView(out.buffer)
  view.setBigUint64(0, BigInt(rows), true)
  view.setBigUint64(8, BigInt(deleted), true)
  out.set(new Uint8Array(words.buffer), HEADER_BYTES)
  return out
}
