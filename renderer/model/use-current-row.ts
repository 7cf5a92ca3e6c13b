import type { RowNumbers } from '../grid/index.ts'
import { useApp, useLive, useSession } from './hooks.ts'
import { activeStore } from './session.ts'
import { placeRow } from './anchor.ts'

export interface CurrentRow extends RowNumbers {
  position: number
}

/** Returns the row where the user is; null when no grid is on screen or the row was not read yet. */
export function useCurrentRow(): CurrentRow | null {
  const { grid } = useApp()
  const view = useSession(session => activeStore(session)?.view)
  const cursor = useLive(live => live.selection?.cursor.row)
  const topRow = useLive(live => live.topRow)
  // Row numbers arrive with reads.
  useLive(live => live.read)
  if (grid.current === null || cursor === undefined) return null
  const position = placeRow(topRow, cursor, grid.current.fullView().rows[1])
  const numbers = grid.current.rowNumbers(position)
  if (numbers !== null) return { ...numbers, position }
  return view === 'active' ? { logical: position, physical: position, position } : null
}
