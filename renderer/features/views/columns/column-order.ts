import { COLUMN_FIGURES, type ColumnFigure, columnFigure } from '../../../../core/explorer/contract/columns.ts'

export type ColumnKey = 'column' | Exclude<ColumnFigure, 'finite' | 'first'>

const columnsIn = (fields: Float64Array): number => fields.length / COLUMN_FIGURES.length

export function sortedColumns(fields: Float64Array, key: ColumnKey, descending: boolean): Uint32Array {
  const order = Uint32Array.from({ length: columnsIn(fields) }, (_, column) => column)
  const values = key === 'column' ? order : columnFigure(fields, key)
  const sign = descending ? -1 : 1
  return order.toSorted((a, b) => {
    const [x, y] = [values[a]!, values[b]!]
    if (x !== x || y !== y) return Number(x !== x) - Number(y !== y) || a - b
    return sign * (x - y) || a - b
  })
}

/**
 * Returns a note for each odd column: 'all NaN', 'constant', 'same as 3'; '' for others. Needs complete statistics; the
 * first entry is column `start`.
 */
export function columnNotes(fields: Float64Array, start = 0): string[] {
  const [finite, nan, infinite] = [
    columnFigure(fields, 'finite'),
    columnFigure(fields, 'nan'),
    columnFigure(fields, 'infinite'),
  ]
  const [min, max, first] = [columnFigure(fields, 'min'), columnFigure(fields, 'max'), columnFigure(fields, 'first')]
  return Array.from({ length: columnsIn(fields) }, (_, column) => {
    const notNumbers = nan[column]! + infinite[column]!
    if (finite[column] === 0 && infinite[column] === 0 && notNumbers > 0) return 'all NaN'
    if (finite[column]! > 0 && notNumbers === 0 && min[column] === max[column]) return 'constant'
    return first[column] === column ? '' : `same as ${start + first[column]!}`
  })
}
