import { rowSetFacts } from '../../core/explorer/contract/row-sets.ts'
import type { RowNumbers } from '../grid/index.ts'
import { useApp, useGridStatus, useSession } from './hooks.ts'
import { activeStore } from './session.ts'
import { locationRow } from './row-ref.ts'

export interface CurrentRow extends RowNumbers {
  position: number
}

/** Returns the row where the user is; null when no grid is on screen or the row was not read yet. */
export function useCurrentRow(): CurrentRow | null {
  const { grid } = useApp()
  const rowSet = useSession(session => activeStore(session)?.rowSet)
  const cursor = useGridStatus(status => status.selection?.cursor.row)
  const topRow = useGridStatus(status => status.topRow)
  // Row numbers arrive with reads.
  useGridStatus(status => status.read)
  if (grid.current === null || cursor === undefined) return null
  const position = locationRow(topRow, cursor, grid.current.fullView().rows[1])
  const numbers = grid.current.rowNumbers(position)
  if (numbers !== null) return { ...numbers, position }
  return rowSet && rowSetFacts(rowSet).numbering === 'logical'
    ? { logical: position, physical: position, position }
    : null
}
