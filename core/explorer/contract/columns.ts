import type { DType } from '../../format/dtype.ts'
import { type Values, viewFields } from '../../format/values.ts'

/**
 * The figures of columns as the task `columnStatistics` gives them: of each in turn as many fields of 8 bytes as there
 * are columns. Counts; then of the finite elements the least, the greatest, mean and std of the population; whether all
 * elements are equal (1 or 0); and which column of those asked for, counted from 0, is the first with the same elements
 * in the same rows (for most the column itself). Fields are float64, but the extremes of 64-bit integers have their
 * dtype. Where no element is finite, these fields are NaN (0 for integers). For complex dtypes the figures are those of
 * |z|.
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

/** One figure of all columns, as float64. */
export function columnFigure(fields: Float64Array, figure: ColumnFigure): Float64Array {
  const columns = fields.length / COLUMN_FIGURES.length
  const at = COLUMN_FIGURES.indexOf(figure) * columns
  return fields.subarray(at, at + columns)
}

/** One figure of all columns of an array with this dtype, exactly. */
export const exactColumnFigure = (fields: Float64Array, figure: ColumnFigure, dtype: DType): Values =>
  figure === 'min' || figure === 'max' ? viewFields(dtype, columnFigure(fields, figure)) : columnFigure(fields, figure)
