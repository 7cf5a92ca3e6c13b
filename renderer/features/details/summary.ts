import type { GridSelection } from '../../grid/index.ts'
import { count, countOf } from '../../ui/format.ts'

const length = ([start, stop]: readonly [number, number]): number => stop - start

export const selectedCells = ({ range }: GridSelection): number => length(range.rows) * length(range.columns)

/** Describes a selection: '1 cell', '3 rows × 4 columns · 12 cells'. */
export function selectionText(selection: GridSelection): string {
  const { rows, columns } = selection.range
  const cells = selectedCells(selection)
  if (cells === 1) return '1 cell'
  return `${countOf(length(rows), 'row')} × ${countOf(length(columns), 'column')} · ${count(cells)} cells`
}
