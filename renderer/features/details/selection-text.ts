import type { GridSelection } from '../../grid/index.ts'
import { formatInteger, pluralize } from '../../ui/format.ts'

const length = ([start, stop]: readonly [number, number]): number => stop - start

export const selectedCells = ({ range }: GridSelection): number => length(range.rows) * length(range.columns)

export function describeSelection(selection: GridSelection): string {
  const { rows, columns } = selection.range
  const cells = selectedCells(selection)
  if (cells === 1) return '1 cell'
  return `${pluralize(length(rows), 'row')} × ${pluralize(length(columns), 'column')} · ${formatInteger(cells)} cells`
}
