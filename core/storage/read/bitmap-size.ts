import { LIMITS } from '../../format/limits.ts'

/**
 * Bytes that a bitmap may have. Rows of no bytes cost nothing to claim, so that they get less than those for which a data
 * file speaks.
 */
export const mostBitmapBytes = (rowBytes: number): number =>
  rowBytes === 0 ? LIMITS.emptyRowsBitmapBytes : LIMITS.bitmapBytes
