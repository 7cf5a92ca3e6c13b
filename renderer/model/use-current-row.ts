import type { RowNumbers } from '../grid/index.ts'
import { useApp, useLive, useSession } from './hooks.ts'
import { activeStore } from './session.ts'
import { placeRow } from './anchor.ts'

export interface CurrentRow extends RowNumbers {
  /** The row's position in the view. */
  position: number
}

/** The row where the user is. null while no grid is on screen or the row was not read yet. */
export function useCurrentRow(): CurrentRow | null {
  const { grid } = useApp()
  const view = useSession(session => activeStore(session)?.view)
  const cursor = useLive(live => live.selection?.cursor.row)
  const topRow = useLive(live => live.topRow)
  // Rows get their numbers when they are read.
  useLive(live => live.read)
  if (grid.current === null || cursor === undefined) return null
  const position = placeRow(topRow, cursor, grid.current.fullView().rows[1])
  const numbers = grid.current.rowNumbers(position)
  if (numbers !== null) return { ...numbers, position }
  return view === 'active' ? { logical: position, physical: position, position } : null
}
