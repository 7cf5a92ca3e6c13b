import {
  COLUMN_FIGURES,
  type ColumnFigure,
  columnFigure,
  exactColumnFigure,
} from '../../../../core/explorer/contract/columns.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import type { Value } from '../../../../core/format/values.ts'

export type ColumnKey = 'column' | Exclude<ColumnFigure, 'finite' | 'constant' | 'first'>

const columnsIn = (fields: Float64Array): number => fields.length / COLUMN_FIGURES.length

/** Returns a function from a column to its figure. The extremes of a column without finite elements are NaN. */
export function figureOf(fields: Float64Array, figure: ColumnFigure, dtype: DType): (column: number) => Value {
  const values = exactColumnFigure(fields, figure, dtype)
  if (figure !== 'min' && figure !== 'max') return column => values[column]!
  const finite = columnFigure(fields, 'finite')
  return column => (finite[column] === 0 ? NaN : values[column]!)
}

/** Returns the columns sorted by a figure: NaN last in both directions, equal ones by number. */
export function sortedColumns(fields: Float64Array, dtype: DType, key: ColumnKey, descending: boolean): Uint32Array {
  const order = Uint32Array.from({ length: columnsIn(fields) }, (_, column) => column)
  const valueOf = key === 'column' ? (column: number): Value => column : figureOf(fields, key, dtype)
  const values = Array.from(order, valueOf)
  const sign = descending ? -1 : 1
  return order.toSorted((a, b) => {
    const [x, y] = [values[a]!, values[b]!]
    if (x !== x || y !== y) return Number(x !== x) - Number(y !== y) || a - b
    return x === y ? a - b : x < y ? -sign : sign
  })
}

/**
 * Returns a note for each column: 'all NaN', 'constant', 'same as 3', or '' for an ordinary one. Needs complete
 * statistics; the first entry is column `start`.
 */
export function columnNotes(fields: Float64Array, start = 0): string[] {
  const [finite, nan, infinite] = [
    columnFigure(fields, 'finite'),
    columnFigure(fields, 'nan'),
    columnFigure(fields, 'infinite'),
  ]
  const [constant, first] = [columnFigure(fields, 'constant'), columnFigure(fields, 'first')]
  return Array.from({ length: columnsIn(fields) }, (_, column) => {
    if (finite[column] === 0 && infinite[column] === 0 && nan[column]! > 0) return 'all NaN'
    if (constant[column] === 1) return 'constant'
    return first[column] === column ? '' : `same as ${start + first[column]!}`
  })
}
