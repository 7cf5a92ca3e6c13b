interface RowCounts {
  readonly shape: readonly number[]
  readonly physicalShape: readonly number[]
  readonly deletedRows: number
}

export interface RowSetFacts {
  /** Returns the number of rows. 0-D arrays have none. */
  count(array: RowCounts): number
  /** Whether a position is a logical or a physical row number; null if neither: only a read gives a row's numbers. */
  readonly numbering: 'logical' | 'physical' | null
  readonly hasActive: boolean
  readonly hasDeleted: boolean
  readonly noun: string
  readonly axisTitle: string
}

/** The row sets that a window can show, by their names in requests. The engine makes them (engine/row-sets.ts). */
const ROW_SETS = {
  active: {
    count: ({ shape }) => shape[0] ?? 0,
    numbering: 'logical',
    hasActive: true,
    hasDeleted: false,
    noun: 'row',
    axisTitle: 'Row',
  },
  all: {
    count: ({ physicalShape }) => physicalShape[0] ?? 0,
    numbering: 'physical',
    hasActive: true,
    hasDeleted: true,
    noun: 'row',
    axisTitle: 'Row on disk',
  },
  deleted: {
    count: ({ deletedRows }) => deletedRows,
    numbering: null,
    hasActive: false,
    hasDeleted: true,
    noun: 'deleted row',
    axisTitle: 'Deleted row',
  },
} as const satisfies Record<string, RowSetFacts>

export type RowSetName = keyof typeof ROW_SETS

export const ROW_SET_NAMES = Object.keys(ROW_SETS) as [RowSetName, ...RowSetName[]]

export const rowSetFacts = (rowSet: RowSetName): RowSetFacts => ROW_SETS[rowSet]

export const countRows = (array: RowCounts, rowSet: RowSetName): number => ROW_SETS[rowSet].count(array)

/** Returns the row set that statistics use while `rowSet` is on screen: deleted rows count only when alone. */
export const countedRowSet = (rowSet: RowSetName): RowSetName => {
  const { hasActive, hasDeleted } = ROW_SETS[rowSet]
  return hasActive && hasDeleted ? 'active' : rowSet
}
