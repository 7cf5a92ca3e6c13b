import type { Place } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { reportFailure } from './failures.ts'
import { activeArray, activeStore, type ArrayPlace, type OpenStore, withStore } from './session.ts'
import { anchorOf, placeRow } from './anchor.ts'

/** Long enough that a scroll writes once, short enough that few windows close before it. */
const REMEMBER_AFTER_MS = 400

/** Returns the location of the grid on screen; undefined when there is none. */
function currentPlace(app: App, store: OpenStore): ArrayPlace | undefined {
  const grid = app.grid.current
  const selection = grid?.selection()
  if (!grid || !selection || !store.shown) return undefined
  const topRow = grid.topRow()
  const { row, column } = selection.cursor
  const kept = placeRow(topRow, row, grid.fullView().rows[1])
  return {
    top: anchorOf(store.view, topRow, grid.rowNumbers(topRow)),
    cursor: anchorOf(store.view, kept, grid.rowNumbers(kept)),
    column,
    index: store.shown.index,
  }
}

/** Stores the location of the grid in the session, before it shows something else. */
export function capturePlaces(app: App): void {
  const store = activeStore(app.session.getState())
  const place = store && currentPlace(app, store)
  const grid = app.grid.current
  const cursor = grid?.selection()?.cursor
  if (!store?.shown || !place || !grid || !cursor) return
  const shown = { ...store.shown, top: grid.topRow(), cursor }
  const known = store.places.get(shown.array)
  const { start } = app.live.getState()
  const moved = start?.topRow !== shown.top || start.cursor.row !== cursor.row || start.cursor.column !== cursor.column
  // The row filter may show another row than the requested one. Without a move, keep the requested row.
  const kept = moved || !known ? place : { ...known, index: place.index }
  const places = new Map(store.places).set(shown.array, kept)
  app.session.setState(session => withStore(session, store.info.path, store => ({ ...store, shown, places })))
}

async function logicalRow(app: App, store: OpenStore, array: string, { cursor }: ArrayPlace): Promise<number> {
  if (cursor.numbering === 'logical') return cursor.row
  const params = { store: store.info.id, array, view: 'active', ...cursor } as const
  return (await app.bridge.request('locateRow', params)).result.logicalRow
}

/** Stores the location of the active array with the host. */
export async function rememberNow(app: App): Promise<void> {
  cancelRemembering()
  const session = app.session.getState()
  const store = activeStore(session)
  const array = activeArray(session)
  const shown = store?.shown
  if (!store || !array || !shown || store.info.problem !== null) return
  const place = currentPlace(app, store)
  try {
    const row = place && array.damaged === null ? await logicalRow(app, store, array.name, place) : 0
    const remembered: Place = {
      array: array.name,
      row,
      column: place?.column ?? 0,
      view: store.view,
      index: [...shown.index],
    }
    await app.bridge.request('rememberPlace', { path: store.info.path, place: remembered })
  } catch (error) {
    reportFailure(app, error)
  }
}

let timer: ReturnType<typeof setTimeout> | undefined

const cancelRemembering = (): void => clearTimeout(timer)

/** Stores the location with the host after the user stops moving. */
export function rememberSoon(app: App): void {
  cancelRemembering()
  timer = setTimeout(() => void rememberNow(app), REMEMBER_AFTER_MS)
}
