import type { DType, TypedArray } from '../../core/format/dtype.ts'
import { formatElement } from '../../core/format/text.ts'

const HYPHEN = /-/g

/** The text of an element as a cell shows it: in full precision, with the minus sign (U+2212) that digits align with. */
export function cellText(dtype: DType, data: TypedArray, index: number): string {
  const text = formatElement(dtype, data, index)
  return text.includes('-') ? text.replace(HYPHEN, '−') : text
}
