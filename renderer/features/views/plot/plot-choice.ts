import type { ArrayInfo, RowSetName } from '../../../../core/explorer/contract/types.ts'
import { countRows } from '../../../../core/explorer/contract/row-sets.ts'
import type { Part } from '../../../../core/format/numbers.ts'
import { columnsOf } from '../../../model/array-shape.ts'
import type { CellRange } from '../../../grid/index.ts'
import { MOST_LINES } from './parse-lines.ts'

export type PlotKind = 'lines' | 'scatter' | 'histogram'
export type Along = 'rows' | 'columns'

export interface PlotChoice {
  kind: PlotKind
  /** Along the rows each line is a column; along the columns each line is a row. */
  along: Along
  columns: readonly number[]
  rows: readonly number[]
  part: Part
}

/** With this many columns per row, a row makes a better line than a column. */
const WIDE = 20

/** Plot all lines by default up to this many; else only the one at the cursor. */
const FEW_LINES = 4

/** Returns the first `most` numbers of a range, none of them above `size`. */
const numbersIn = ([start, stop]: readonly [number, number], size: number, most: number): number[] =>
  Array.from({ length: Math.max(0, Math.min(stop, size, start + most) - start) }, (_, i) => start + i)

const isWhole = ([start, stop]: readonly [number, number], size: number): boolean => start === 0 && stop >= size

const chosenLines = (range: readonly [number, number], size: number): number[] => {
  if (range[1] - range[0] > 1 && !isWhole(range, size)) return numbersIn(range, size, MOST_LINES)
  return size <= FEW_LINES ? numbersIn([0, size], size, size) : numbersIn([range[0], range[0] + 1], size, 1)
}

/** Returns the initial choice: the selection, else all of few lines or the one at the cursor. */
export function firstChoice(array: ArrayInfo, rowSet: RowSetName, selected: CellRange | null): PlotChoice {
  const rows = countRows(array, rowSet)
  const columns = columnsOf(array)
  const along: Along = columns > WIDE * rows ? 'columns' : 'rows'
  return {
    kind: 'lines',
    along,
    columns: chosenLines(selected?.columns ?? [0, 1], columns),
    rows: chosenLines(selected?.rows ?? [0, 1], rows),
    part: 'magnitude',
  }
}

/** A plot as the user left it, with the selection that it was made from. */
export interface KeptPlot {
  selected: CellRange | null
  choice: PlotChoice
}

/** Returns the plot to begin with: the kept one, with other lines if the selection has changed since. */
export function startOfPlot(
  array: ArrayInfo,
  rowSet: RowSetName,
  selected: CellRange | null,
  kept: KeptPlot | undefined,
): KeptPlot {
  if (kept && JSON.stringify(kept.selected) === JSON.stringify(selected)) return kept
  const first = firstChoice(array, rowSet, selected)
  if (!kept) return { selected, choice: first }
  const { kind, along, part } = kept.choice
  return { selected, choice: { ...first, kind, along, part } }
}
