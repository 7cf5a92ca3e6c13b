import type { ArrangedPlace, ArrayLocation } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'
import { arrangementOf, setLatest } from './arrangement.ts'
import { activeArray, activeStore, type OpenStore, withStore } from './session.ts'
import { rowRefOf, locationRow } from './row-ref.ts'

/** Long enough that a scroll writes once, short enough that few windows close before it. */
const REMEMBER_AFTER_MS = 400

function currentLocation(app: App, store: OpenStore): ArrayLocation | undefined {
  const grid = app.grid.current
  const selection = grid?.selection()
  if (!grid || !selection || !store.activeArray) return undefined
  const topRow = grid.topRow()
  const { row, column } = selection.cursor
  const kept = locationRow(topRow, row, grid.fullView().rows[1])
  return {
    top: rowRefOf(store.rowSet, topRow, grid.rowNumbers(topRow)),
    cursor: rowRefOf(store.rowSet, kept, grid.rowNumbers(kept)),
    column,
    index: [...store.activeArray.index],
  }
}

export function locatedStore(app: App): OpenStore | undefined {
  const store = activeStore(app.session.getState())
  const location = store && currentLocation(app, store)
  const grid = app.grid.current
  const cursor = grid?.selection()?.cursor
  if (!store?.activeArray || !location || !grid || !cursor) return store
  const activeArray = { ...store.activeArray, top: grid.topRow(), cursor }
  const known = store.locations.get(activeArray.array)
  const { start } = app.gridStatus.getState()
  const moved =
    start?.topRow !== activeArray.top || start.cursor.row !== cursor.row || start.cursor.column !== cursor.column
  // The row set may show another row than the requested one. Without a move, keep the requested row.
  const kept = moved || !known ? location : { ...known, index: location.index }
  return { ...store, activeArray, locations: setLatest(new Map(store.locations), activeArray.array, kept) }
}

export function captureLocation(app: App): void {
  const located = locatedStore(app)
  if (located) app.session.setState(session => withStore(session, located.info.path, () => located))
}

async function logicalRow(app: App, store: OpenStore, array: string, { cursor }: ArrayLocation): Promise<number> {
  if (cursor.numbering === 'logical') return cursor.row
  const params = { store: store.info.id, array, rowSet: 'active', ...cursor } as const
  return (await app.bridge.request('locateRow', params)).result.logicalRow
}

export async function rememberNow(app: App): Promise<void> {
  cancelRemembering()
  const store = locatedStore(app)
  const array = activeArray(app.session.getState())
  const active = store?.activeArray
  if (!store || !array || !active || store.info.problem !== null) return
  const location = store.locations.get(array.name)
  try {
    const row = location && array.damaged === null ? await logicalRow(app, store, array.name, location) : 0
    const remembered: ArrangedPlace = {
      array: array.name,
      row,
      column: location?.column ?? 0,
      rowSet: store.rowSet,
      index: [...active.index],
      shownAs: store.viewId,
      arrangement: arrangementOf(store),
    }
    await app.bridge.request('rememberPlace', { path: store.info.path, place: remembered })
  } catch (error) {
    reportFailure(app, error)
  }
}

let timer: ReturnType<typeof setTimeout> | undefined

const cancelRemembering = (): void => clearTimeout(timer)

export function rememberSoon(app: App): void {
  cancelRemembering()
  timer = setTimeout(() => void rememberNow(app), REMEMBER_AFTER_MS)
}
