import type { App } from '../state/app.ts'
import { reportFailure } from '../state/failures.ts'
import { announce } from '../state/notices.ts'
import { activeStore } from '../state/session.ts'
import { readCell } from './use-cell.ts'

/** Puts the full value of the cell under the cursor on the clipboard. */
export async function copyCellValue(app: App): Promise<void> {
  const store = activeStore(app.session.getState())
  const cursor = app.live.getState().selection?.cursor ?? { row: 0, column: 0 }
  if (!store?.shown) return
  const { array, index } = store.shown
  try {
    const address = { store: store.info.id, array, view: store.view, index, ...cursor }
    const { value } = await readCell(app.bridge, address)
    await navigator.clipboard.writeText(value)
    announce(app, 'info', `Copied ${value}`, { topic: 'copy' })
  } catch (error) {
    reportFailure(app, error)
  }
}
