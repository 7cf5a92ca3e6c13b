/** What `readColumns` gives of one column: ten numbers. */
const FIELDS = 10

/** Names of the figures of columns, in the order they are kept in. */
const [FINITE, NAN, INFINITE, ZEROS, MIN, MAX, MEAN, SQUARES, LOW, HIGH] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const

/** Figures of columns of which nothing was read yet: merging them with others gives the others. */
export function noColumns(columns: number): Float64Array {
  const fields = new Float64Array(FIELDS * columns)
  for (let at = 0; at < fields.length; at += FIELDS) fields.fill(NaN, at + MIN, at + SQUARES + 1)
  return fields
}

/** Takes figures of further rows in; `first` is the column that they begin with. Means and spreads after Chan et al. 1979. */
export function mergeColumns(into: Float64Array, first: number, more: Float64Array): void {
  for (let from = 0; from < more.length; from += FIELDS) {
    const to = from + FIELDS * first
    const before = into[to + FINITE]!
    const added = more[from + FINITE]!
    const together = before + added
    for (const field of [FINITE, NAN, INFINITE, ZEROS]) into[to + field]! += more[from + field]!
    for (const field of [LOW, HIGH]) into[to + field] = (into[to + field]! + more[from + field]!) % 2 ** 32
    if (added === 0) continue
    if (before === 0) {
      into.set(more.subarray(from + MIN, from + SQUARES + 1), to + MIN)
      continue
    }
    into[to + MIN] = Math.min(into[to + MIN]!, more[from + MIN]!)
    into[to + MAX] = Math.max(into[to + MAX]!, more[from + MAX]!)
    const difference = more[from + MEAN]! - into[to + MEAN]!
    into[to + MEAN]! += (difference * added) / together
    into[to + SQUARES]! += more[from + SQUARES]! + (difference * difference * before * added) / together
  }
}

/** The figures of a column that a table shows and sorts by. */
export type ColumnKey = 'column' | 'nan' | 'infinite' | 'zeros' | 'min' | 'max' | 'mean' | 'std'

const FIELD_OF = { nan: NAN, infinite: INFINITE, zeros: ZEROS, min: MIN, max: MAX, mean: MEAN } as const

/** A figure of a column; NaN where it has none. */
export function columnFigure(fields: Float64Array, column: number, key: ColumnKey): number {
  const at = FIELDS * column
  if (key === 'column') return column
  if (key === 'std') return Math.sqrt(fields[at + SQUARES]! / fields[at + FINITE]!)
  return fields[at + FIELD_OF[key]]!
}

/** The columns in the order of a figure; those without it last. */
export function sortedColumns(fields: Float64Array, key: ColumnKey, descending: boolean): Uint32Array {
  const columns = fields.length / FIELDS
  const values = Float64Array.from({ length: columns }, (_, column) => columnFigure(fields, column, key))
  const sign = descending ? -1 : 1
  const order = Uint32Array.from({ length: columns }, (_, column) => column)
  return order.sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!]
    if (x !== x || y !== y) return Number(x !== x) - Number(y !== y) || a - b
    return sign * (x - y) || a - b
  })
}

/** What is odd about each column: 'all NaN', 'constant', 'same as 3'; '' for the others. To be asked of complete figures. */
export function columnNotes(fields: Float64Array): string[] {
  const firstOf = new Map<string, number>()
  return Array.from({ length: fields.length / FIELDS }, (_, column) => {
    const at = FIELDS * column
    const [finite, nan, infinite] = [fields[at + FINITE]!, fields[at + NAN]!, fields[at + INFINITE]!]
    if (finite + infinite === 0 && nan > 0) return 'all NaN'
    if (finite > 0 && nan + infinite === 0 && fields[at + MIN] === fields[at + MAX]) return 'constant'
    const fingerprint = `${fields[at + LOW]} ${fields[at + HIGH]} ${finite} ${nan}`
    const first = firstOf.get(fingerprint)
    if (first !== undefined) return `same as ${first}`
    firstOf.set(fingerprint, column)
    return ''
  })
}
