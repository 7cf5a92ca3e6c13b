import { LIMITS } from '../../format/limits.ts'

/** Largest size of a bitmap in bytes: smaller for rows without elements, which are free to claim. */
export const mostBitmapBytes = (rowBytes: number): number =>
  rowBytes === 0 ? LIMITS.emptyRowsBitmapBytes : LIMITS.bitmapBytes
