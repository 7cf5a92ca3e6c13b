import type { App } from '../../model/app.ts'
import { copyText } from '../../model/copy-text.ts'
import { reportFailure } from '../../model/error-message.ts'
import { copiedNumber } from '../../model/settings.ts'
import { activeStore } from '../../model/session.ts'
import { readCell } from '../../model/use-cell.ts'

export async function copyCellValue(app: App): Promise<void> {
  const store = activeStore(app.session.getState())
  const cursor = app.gridStatus.getState().selection?.cursor ?? { row: 0, column: 0 }
  if (!store?.activeArray) return
  const { array, index } = store.activeArray
  try {
    const address = { store: store.info.id, array, rowSet: store.rowSet, index, ...cursor }
    const cell = await readCell(app.bridge, address)
    await copyText(app, copiedNumber(app, cell.copyText))
  } catch (error) {
    reportFailure(app, error)
  }
}
