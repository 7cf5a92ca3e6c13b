import type { ArrayInfo, View } from './types.ts'

/** Rows of an array in a view. 0-D arrays have none. */
export function rowsInView(array: Pick<ArrayInfo, 'shape' | 'physicalShape' | 'deletedRows'>, view: View): number {
  if (view === 'deleted') return array.deletedRows
  return (view === 'active' ? array.shape[0] : array.physicalShape[0]) ?? 0
}

/** The rows that figures can count. */
export type CountedView = Exclude<View, 'all'>

/** Those that they count while a view is on screen: deleted rows count only where they are looked at alone. */
export const countedView = (view: View): CountedView => (view === 'deleted' ? 'deleted' : 'active')
