import { LIMITS } from '../../format/limits.ts'

/**
 * Returns the largest size of a bitmap in bytes. Rows without elements cost nothing to claim, so they get less than
 * rows that a data file proves.
 */
export const mostBitmapBytes = (rowBytes: number): number =>
  rowBytes === 0 ? LIMITS.emptyRowsBitmapBytes : LIMITS.bitmapBytes
