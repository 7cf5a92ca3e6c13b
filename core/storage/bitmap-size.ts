import { LIMITS } from '../format/limits.ts'

/** Bytes of the bitmap file of an array of so many rows (FORMAT.md 1.2). */
export const bitmapBytesOf = (rows: number): number => 16 + 8 * Math.ceil(rows / 64)

/**
 * Bytes that a bitmap may have. Rows of no bytes cost nothing to claim, so that they get less than those for which a data
 * file speaks.
 */
export const mostBitmapBytes = (rowBytes: number): number =>
  rowBytes === 0 ? LIMITS.emptyRowsBitmapBytes : LIMITS.wholeFileBytes
