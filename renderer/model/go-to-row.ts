import { rowSetFacts } from '../../core/explorer/contract/row-sets.ts'
import type { RowSetName } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { columnsOf } from './array-shape.ts'
import { errorMessage } from './error-message.ts'
import { activeArray, activeStore } from './session.ts'
import { formatInteger } from '../ui/format.ts'
import type { RowRef } from '../../core/explorer/contract/types.ts'
import { parseRow } from './parse-row.ts'

export interface GoToResult {
  arrived: boolean
  message: string | null
}

const refused = (message: string): GoToResult => ({ arrived: false, message })

/** Returns why another row than the requested one is reached; null when it is the requested one. */
function redirectReason({ row, numbering }: RowRef, rowSet: RowSetName, deleted: boolean): string | null {
  const name = numbering === 'physical' ? `Row #${formatInteger(row)}` : `Row ${formatInteger(row)}`
  const { hasActive, hasDeleted } = rowSetFacts(rowSet)
  if (deleted && !hasDeleted) return `${name} is deleted. Showing the next row that is not deleted.`
  if (!deleted && !hasActive) return `${name} is not deleted. Showing the next deleted row.`
  return null
}

export async function goToRow(app: App, text: string): Promise<GoToResult> {
  const session = app.session.getState()
  const store = activeStore(session)
  const array = activeArray(session)
  const grid = app.grid.current
  if (!store || !array || !grid) return refused('Open an array in the grid to go to a row.')
  const [rows = 0] = array.shape
  const [physicalRows = 0] = array.physicalShape
  const parsed = parseRow(text, { rows, physicalRows, columns: columnsOf(array) })
  if (!parsed.ok) return refused(parsed.message)
  const { rowRef, column } = parsed
  if (rowRef.numbering === rowSetFacts(store.rowSet).numbering) {
    grid.goTo(rowRef.row, column ?? undefined)
    return { arrived: true, message: null }
  }
  try {
    const params = { store: store.info.id, array: array.name, rowSet: store.rowSet, ...rowRef }
    const { result } = await app.bridge.request('locateRow', params)
    if (result.position === null) return refused('No rows are shown.')
    app.grid.current?.goTo(result.position, column ?? undefined)
    return { arrived: true, message: redirectReason(rowRef, store.rowSet, result.deleted) }
  } catch (error) {
    return refused(errorMessage(error))
  }
}
