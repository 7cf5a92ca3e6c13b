import type { DType } from '../../core/format/dtype.ts'

/** Pixels of a column beside its text: 8 on each side and a line. */
const CELL_PADDING = 17
export const MIN_COLUMN_WIDTH = 32
/** A user may drag a column this wide. */
export const MAX_COLUMN_WIDTH = 2000

/** Characters of the longest text of each dtype: the sign, all digits, the exponent. */
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

/** Characters that a column of a dtype holds before any of its texts is known. */
const USUAL: Readonly<Record<DType, number>> = {
  ...LONGEST,
  uint64: 10,
  int64: 10,
  float32: 11,
  float64: 19,
  complex64: 24,
  complex128: 42,
}

/**
 * Characters that every column of an array gets: the longest text of a sample, and never less than a column number
 * needs. Without a sample: what its dtype usually takes.
 */
export function charactersOf(dtype: DType, sample: readonly string[], columns: number): number {
  const label = String(Math.max(0, columns - 1)).length
  let longest = sample.length === 0 ? USUAL[dtype] : 0
  for (const text of sample) longest = Math.max(longest, text.length)
  return Math.max(longest, label, 3)
}

/** Pixels of a column for so many characters of a monospaced font. */
export const widthOf = (characters: number, characterWidth: number): number =>
  Math.max(MIN_COLUMN_WIDTH, Math.ceil(characters * characterWidth) + CELL_PADDING)

/** What a text may not use of a column: the padding at its end and the line. The padding before it may be used. */
const KEPT_PADDING = 9

/** Characters that fit a column. */
export const capacityOf = (width: number, characterWidth: number): number =>
  Math.max(1, Math.floor((width - KEPT_PADDING) / characterWidth))

/** Pixels before a text of so many characters that make it end where its column's texts end. */
export const paddingOf = (width: number, characters: number, characterWidth: number): number =>
  Math.max(0, width - KEPT_PADDING - characters * characterWidth)

/** The text as far as a column holds it. A cut text ends in an ellipsis: half a number must never look like a whole one. */
export const cut = (text: string, capacity: number): string =>
  text.length <= capacity ? text : `${text.slice(0, capacity - 1)}…`
