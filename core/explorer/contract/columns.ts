/**
 * The figures of columns as `readColumnStatistics` gives them: of each in turn as many float64 as there are columns.
 * Counts; then of the finite elements the least, the greatest, mean and std of the population, NaN where none is finite;
 * and which column of those asked for, counted from 0, is the first with the same elements in the same rows (for most
 * the column itself). For complex dtypes the figures are those of |z|.
 */
export const COLUMN_FIGURES = ['finite', 'nan', 'infinite', 'zeros', 'min', 'max', 'mean', 'std', 'first'] as const

export type ColumnFigure = (typeof COLUMN_FIGURES)[number]

/** One figure of all columns. */
export function columnFigure(fields: Float64Array, figure: ColumnFigure): Float64Array {
  const columns = fields.length / COLUMN_FIGURES.length
  const at = COLUMN_FIGURES.indexOf(figure) * columns
  return fields.subarray(at, at + columns)
}
