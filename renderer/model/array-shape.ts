import type { ArrayInfo, RowSetName } from '../../core/explorer/contract/types.ts'
import { countRows, rowSetFacts } from '../../core/explorer/contract/row-sets.ts'

export const columnsOf = (array: ArrayInfo): number =>
  array.physicalShape.length > 1 ? array.physicalShape.at(-1)! : 1

export const middleAxes = (array: ArrayInfo): readonly number[] => array.physicalShape.slice(1, -1)

/** Identifies an array for its views: another dtype or other axes make another array of it, more rows don't. */
export const viewKey = ({ name, dtype, physicalShape }: ArrayInfo): readonly unknown[] => [
  name,
  dtype,
  physicalShape.slice(1),
]

/** Clamps an index to the middle axes of an array; missing entries become 0. */
export const fittingIndex = (array: ArrayInfo, index: readonly number[]): number[] =>
  middleAxes(array).map((size, axis) => Math.max(0, Math.min(index[axis] ?? 0, size - 1)))

/** Returns the next (1) or previous (-1) index in C order; null beyond either end. */
export function steppedIndex(index: readonly number[], sizes: readonly number[], step: 1 | -1): number[] | null {
  const next = [...index]
  for (let axis = next.length - 1; axis >= 0; axis--) {
    const value = next[axis]! + step
    if (value >= 0 && value < sizes[axis]!) {
      next[axis] = value
      return next
    }
    next[axis] = step === 1 ? 0 : sizes[axis]! - 1
  }
  return null
}

export const hasCells = ({ damaged, dtype, physicalShape }: ArrayInfo, rows: number): boolean =>
  damaged === null && dtype !== null && physicalShape.length > 0 && !physicalShape.includes(0) && rows > 0

export const hasColumns = ({ physicalShape }: ArrayInfo): boolean => physicalShape.length > 1

export type ArrayKind = 'grid' | 'behindLink' | 'damaged' | 'scalar' | 'noElements' | 'allDeleted' | 'noneDeleted'

export function arrayKind(array: ArrayInfo, rowSet: RowSetName): ArrayKind {
  if (hasCells(array, countRows(array, rowSet))) return 'grid'
  if (array.isBehindLink) return 'behindLink'
  if (array.damaged !== null || array.dtype === null) return 'damaged'
  if (array.physicalShape.length === 0) return 'scalar'
  if (array.physicalShape.includes(0)) return 'noElements'
  return rowSetFacts(rowSet).hasActive ? 'allDeleted' : 'noneDeleted'
}
