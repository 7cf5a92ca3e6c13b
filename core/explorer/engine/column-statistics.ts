import { NumPackError } from '../../format/errors.ts'
import type { ColumnStatistics } from '../../statistics/column-summary.ts'
import { columnStatisticsOf } from '../../statistics/column-statistics.ts'
import { equalColumns } from '../../statistics/equal-columns.ts'
import type { NDArray } from '../../array/ndarray.ts'
import { COLUMN_FIGURES, type ColumnFigure, columnFigure, exactColumnFigure } from '../contract/columns.ts'
import { rowSetOf } from './row-sets.ts'
import type { ArrayTaskResult } from './messages.ts'
import type { ArrayWork } from './array-tasks.ts'

const resultOf = (fields: Float64Array<ArrayBuffer>): ArrayTaskResult => ({
  figures: null,
  reading: null,
  bytes: fields.buffer,
})

/** Larger results are not cached in the database. */
const MAX_CACHED_BYTES = 2 ** 20

/** Statistics of each column in a range, in the layout of `COLUMN_FIGURES`. */
export const columnStatistics: ArrayWork<'columnStatistics'> = {
  rows: () => null,

  async run({ rowSet, columns, index }, reader, { signal, workers, onProgress }) {
    const axes = reader.shape.length
    if (axes === 0) throw new NumPackError('SHAPE', 'statistics: a 0-D array has no columns')
    const options = { defaultWorkers: workers, signal }
    const selection = { rowSet: rowSetOf(reader, rowSet), ...options, columns, ...(axes > 2 && { index }) }
    const figures = await columnStatisticsOf(reader, {
      ...selection,
      axis: 0,
      onProgress: progress => onProgress(progress, () => resultOf(fieldsOf(progress.figures))),
    })
    return resultOf(fieldsOf(figures, await equalColumns(reader, figures, selection)))
  },

  cache: {
    keyOf: ({ array, rowSet, columns, index }) => [array, rowSet, [...COLUMN_FIGURES], columns, index],

    toJson: ({ bytes }) =>
      bytes === null || bytes.byteLength > MAX_CACHED_BYTES ? null : Buffer.from(bytes).toString('base64'),

    fromJson(cached) {
      if (typeof cached !== 'string') return null
      const bytes = Buffer.from(cached, 'base64')
      const isWhole = bytes.length % (COLUMN_FIGURES.length * Float64Array.BYTES_PER_ELEMENT) === 0
      return isWhole ? { figures: null, reading: null, bytes: Uint8Array.from(bytes).buffer } : null
    },
  },
}

const numbers =
  ({ data }: NDArray) =>
  (column: number): number =>
    data[column] as number

/** Lays statistics out as `COLUMN_FIGURES`. `firsts` has for each column the first equal column; null if unknown. */
function fieldsOf(figures: ColumnStatistics, firsts: Int32Array | null = null): Float64Array<ArrayBuffer> {
  const { finite, nan, positiveInfinity, negativeInfinity, zeros } = figures
  const { dtype, min, max, mean, std } = figures.magnitude ?? figures
  const columns = finite.size
  const fields = new Float64Array(COLUMN_FIGURES.length * columns)
  const fill = (figure: ColumnFigure, valueOf: (column: number) => number): void => {
    const field = columnFigure(fields, figure)
    for (let column = 0; column < columns; column++) field[column] = valueOf(column)
  }
  const fillExtremes = (figure: 'min' | 'max', { data }: NDArray): void => {
    const field = exactColumnFigure(fields, figure, dtype)
    for (let column = 0; column < columns; column++)
      field[column] = finite.data[column] === 0 && field instanceof Float64Array ? NaN : data[column]!
  }
  fill('finite', numbers(finite))
  fill('nan', numbers(nan))
  fill('infinite', column => numbers(positiveInfinity)(column) + numbers(negativeInfinity)(column))
  fill('zeros', numbers(zeros))
  fillExtremes('min', min)
  fillExtremes('max', max)
  fill('mean', numbers(mean))
  fill('std', numbers(std))
  fill('constant', column => Number(isConstant(figures, column)))
  fill('first', column => firsts?.[column] ?? column)
  return fields
}

/** Whether all elements of a column are equal, as NumPy compares them: NaN equals nothing, and -0 equals 0. */
function isConstant(figures: ColumnStatistics, column: number): boolean {
  const { count, finite, positiveInfinity, negativeInfinity, min, max, magnitude, phase } = figures
  if (magnitude !== null && phase !== null) {
    const isZero = magnitude.max.data[column] === 0
    return isConstant(magnitude, column) && (isZero || isConstant(phase, column))
  }
  const all = count.data[column]
  if (all === 0) return false
  if (positiveInfinity.data[column] === all || negativeInfinity.data[column] === all) return true
  return finite.data[column] === all && min.data[column] === max.data[column]
}
