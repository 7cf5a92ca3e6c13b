import type { DType } from '../../format/dtype.ts'
import { type Values, viewFields } from '../../format/values.ts'

/**
 * Layout of the result of the task `columnStatistics`: for each name in this order, one field of 8 bytes per column.
 *
 * - `finite`, `nan`, `infinite`, `zeros` are counts of elements.
 * - `min`, `max`, `mean`, `std` (of the population) are those of the finite elements: NaN, or 0 for integers, if there
 *   are none. For complex dtypes they are those of |z|.
 * - `constant` is 1 if all elements are equal, else 0.
 * - `first` is the first requested column with the same elements in the same rows, counted from 0: mostly the column
 *   itself.
 *
 * Fields are float64, except the extremes of 64-bit integers, which have their dtype.
 */
export const COLUMN_FIGURES = [
  'finite',
  'nan',
  'infinite',
  'zeros',
  'min',
  'max',
  'mean',
  'std',
  'constant',
  'first',
] as const

export type ColumnFigure = (typeof COLUMN_FIGURES)[number]

/** Returns the fields of one figure of all columns, read as float64. */
export function columnFigure(fields: Float64Array, figure: ColumnFigure): Float64Array {
  const columns = fields.length / COLUMN_FIGURES.length
  const at = COLUMN_FIGURES.indexOf(figure) * columns
  return fields.subarray(at, at + columns)
}

/** As `columnFigure`, but exact: the extremes of 64-bit integers are bigints. `dtype` is that of the array. */
export const exactColumnFigure = (fields: Float64Array, figure: ColumnFigure, dtype: DType): Values =>
  figure === 'min' || figure === 'max' ? viewFields(dtype, columnFigure(fields, figure)) : columnFigure(fields, figure)
