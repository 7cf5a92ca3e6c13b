import type { DType } from '../../core/format/dtype.ts'

/** Pixels of a column beside its text: 8 on each side and the border. */
const CELL_PADDING = 17
export const MIN_COLUMN_WIDTH = 32
export const MAX_COLUMN_WIDTH = 2000

const LONGEST: Readonly<Record<DType, number>> = {
  bool: 5,
  uint8: 3,
  uint16: 5,
  uint32: 10,
  uint64: 20,
  int8: 4,
  int16: 6,
  int32: 11,
  int64: 20,
  float16: 9,
  float32: 14,
  float64: 24,
  complex64: 32,
  complex128: 52,
}

const USUAL: Readonly<Record<DType, number>> = {
  ...LONGEST,
  uint64: 10,
  int64: 10,
  float32: 11,
  float64: 19,
  complex64: 24,
  complex128: 42,
}

/** Returns the length of the longest text (the dtype's usual one without a sample) or of a column number. */
export function charactersOf(dtype: DType, sample: readonly string[], columns: number): number {
  const label = String(Math.max(0, columns - 1)).length
  let longest = sample.length === 0 ? USUAL[dtype] : 0
  for (const text of sample) longest = Math.max(longest, text.length)
  return Math.max(longest, label, 3)
}

export const widthOf = (characters: number, characterWidth: number): number =>
  Math.max(MIN_COLUMN_WIDTH, Math.ceil(characters * characterWidth) + CELL_PADDING)

/** Pixels that text may not use: the padding after it and the border. It may use the padding before it. */
const KEPT_PADDING = 9

export const capacityOf = (width: number, characterWidth: number): number =>
  Math.max(1, Math.floor((width - KEPT_PADDING) / characterWidth))

export const paddingOf = (width: number, characters: number, characterWidth: number): number =>
  Math.max(0, width - KEPT_PADDING - characters * characterWidth)

/** Marks a cut with an ellipsis, so that half a number never looks like a whole one. */
export const truncate = (text: string, capacity: number): string =>
  text.length <= capacity ? text : `${text.slice(0, capacity - 1)}…`
