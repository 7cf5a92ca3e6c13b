import type { RowSetName } from '../../../core/explorer/contract/types.ts'
import { goToCell } from '../../model/go-to-cell.ts'
import type { App } from '../../model/app.ts'
import { reportFailure } from '../../model/error-message.ts'
import { activeStore } from '../../model/session.ts'

/** Goes to an element by its position in a row set and its index along the other axes. */
export async function goToElement(app: App, rowSet: RowSetName, at: readonly number[]): Promise<void> {
  const store = activeStore(app.session.getState())
  const [position = 0, ...rest] = at
  if (!store?.activeArray) return
  try {
    let row = position
    if (rowSet !== store.rowSet) {
      const params = {
        store: store.info.id,
        array: store.activeArray.array,
        rowSet: store.rowSet,
        row,
        numbering: 'logical',
      } as const
      row = (await app.bridge.request('locateRow', params)).result.position ?? 0
    }
    await goToCell(app, { row, column: rest.at(-1) ?? 0, index: rest.slice(0, -1) })
  } catch (error) {
    reportFailure(app, error)
  }
}
