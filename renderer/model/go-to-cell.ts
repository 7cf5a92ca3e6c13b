import type { App } from './app.ts'
import { activeStore, GRID_VIEW_ID, withStore } from './session.ts'
import { showSlice } from './navigation.ts'

/** A cell by its position in the row set, and its slice (default: the one on screen). */
export interface CellTarget {
  row: number
  column: number
  index?: readonly number[]
}

export async function goToCell(app: App, { row, column, index }: CellTarget): Promise<void> {
  const store = activeStore(app.session.getState())
  if (!store?.activeArray) return
  const { path } = store.info
  if (index !== undefined && String(index) !== String(store.activeArray.index)) await showSlice(app, index)
  const grid = app.grid.current
  if (grid) {
    grid.goTo(row, column)
    grid.focus()
    return
  }
  app.session.setState(session =>
    withStore(session, path, store => ({
      ...store,
      viewId: GRID_VIEW_ID,
      activeArray: store.activeArray && { ...store.activeArray, top: row, cursor: { row, column } },
    })),
  )
}
