import type { DType, TypedArray } from '../format/dtype.ts'
import { formatParsable } from '../format/text.ts'
import { sizeOf } from '../array/indexing.ts'
import type { NDArray } from '../array/ndarray.ts'
import { formatTable } from './table.ts'

const GAP = 2

/** The columns of a row that are shown: all, or as many of the first and last ones as fit, with a gap between. */
interface ShownColumns {
  readonly head: number
  readonly tail: number
}

/**
 * Formats rows as a table: the row number, then the elements of the row in C order. NumPy reads the texts
 * of numbers back as the same numbers.
 * Leaves out middle columns that don't fit into `width` characters (null: none).
 */
export function formatRows({ dtype, shape, data }: NDArray, from: number, width: number | null): string {
  const columns = sizeOf(shape.slice(1))
  const rows = Array.from({ length: shape[0] ?? 0 }, (_, row) => elementsText(dtype, data, row * columns, columns))
  const numbers = rows.map((_, row) => String(from + row))
  const shown = fittingColumns(rows, longest(numbers), width)
  const table = rows.map((row, i) => [numbers[i] as string, ...cells(row, shown)])
  return formatTable(
    table,
    Array.from({ length: table[0]?.length ?? 0 }, (_, column) => column),
  )
}

/** Without a spread, which takes some hundred thousand arguments at most. */
const longest = (texts: readonly string[]): number => texts.reduce((most, { length }) => Math.max(most, length), 0)

const elementsText = (dtype: DType, data: TypedArray, start: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) => formatParsable(dtype, data, start + i))

const cells = (row: readonly string[], { head, tail }: ShownColumns): readonly string[] =>
  head + tail >= row.length ? row : [...row.slice(0, head), '…', ...row.slice(row.length - tail)]

function fittingColumns(rows: readonly (readonly string[])[], margin: number, width: number | null): ShownColumns {
  const columns = rows[0]?.length ?? 0
  const whole = { head: columns, tail: 0 }
  if (width === null) return whole
  const widths = Array.from({ length: columns }, (_, column) => longest(rows.map(row => row[column] as string)))
  const total = widths.reduce((sum, cell) => sum + GAP + cell, margin)
  if (total <= width) return whole
  let left = width - margin - GAP - 1
  let head = 0
  let tail = 0
  for (;;) {
    const isHead = head <= tail
    const next = isHead ? widths[head] : widths[columns - 1 - tail]
    if (next === undefined || left < next + GAP) break
    left -= next + GAP
    if (isHead) head++
    else tail++
  }
  return head + tail === 0 ? { head: Math.min(1, columns), tail: 0 } : { head, tail }
}
