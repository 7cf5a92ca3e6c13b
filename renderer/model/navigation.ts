import type { ArrayInfo, ArrayLocation, RowRef, RowSetName } from '../../core/explorer/contract/types.ts'
import { countRows } from '../../core/explorer/contract/row-sets.ts'
import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'
import { setPreference } from './preferences.ts'
import { activeArray, activeStore, arrayNamed, type ActiveArray, storeAt, withStore } from './session.ts'
import { directPosition, FIRST_ROW } from './row-ref.ts'
import { columnsOf, fittingIndex, middleAxes, steppedIndex } from './array-shape.ts'
import { captureLocation } from './locations.ts'

export const BEGINNING: ArrayLocation = { top: FIRST_ROW, cursor: FIRST_ROW, column: 0, index: [] }

async function positionOf(
  app: App,
  store: number,
  array: ArrayInfo,
  rowSet: RowSetName,
  rowRef: RowRef,
): Promise<number> {
  const direct = directPosition(rowRef, rowSet, countRows(array, rowSet))
  if (direct !== null) return direct
  const { result } = await app.bridge.request('locateRow', { store, array: array.name, rowSet, ...rowRef })
  return result.position ?? 0
}

/** Converts a location to positions in a row set. Asks the host only when necessary. */
export async function resolveLocation(
  app: App,
  store: number,
  array: ArrayInfo,
  rowSet: RowSetName,
  location: ArrayLocation,
): Promise<ActiveArray> {
  const readable = array.damaged === null
  const [top, row] = readable
    ? await Promise.all([
        positionOf(app, store, array, rowSet, location.top),
        positionOf(app, store, array, rowSet, location.cursor),
      ])
    : [0, 0]
  const lastColumn = Math.max(0, columnsOf(array) - 1)
  const column = Math.min(location.column, lastColumn)
  return { array: array.name, index: fittingIndex(array, location.index), top, cursor: { row, column } }
}

interface NavigationChange {
  array?: string
  rowSet?: RowSetName
  index?: readonly number[]
}

let latestChange = 0

/** Shows another array, row set or slice at the user's location in it. The last of several changes wins. */
async function show(app: App, path: string, change: NavigationChange): Promise<void> {
  const ticket = ++latestChange
  if (app.session.getState().activePath === path) captureLocation(app)
  const store = storeAt(app.session.getState(), path)
  const name = change.array ?? store?.activeArray?.array
  const array = store && name !== undefined ? arrayNamed(store.info, name) : undefined
  if (!store || !array) return
  const rowSet = change.rowSet ?? store.rowSet
  const location = store.locations.get(array.name) ?? BEGINNING
  try {
    const index = [...(change.index ?? location.index)]
    const activeArray = await resolveLocation(app, store.info.id, array, rowSet, { ...location, index })
    if (ticket === latestChange) {
      app.session.setState(session => ({
        ...withStore(session, path, store => ({ ...store, rowSet, activeArray })),
        // Close the drawer, so that the chosen array is visible.
        ...(change.array !== undefined && { drawer: null }),
      }))
    }
  } catch (error) {
    reportFailure(app, error)
  }
}

export const showArray = (app: App, path: string, array: string): Promise<void> => show(app, path, { array })

export function showPackage(app: App, path: string): void {
  latestChange++
  if (app.session.getState().activePath === path) captureLocation(app)
  app.session.setState(session => ({
    ...withStore(session, path, store => ({ ...store, activeArray: null })),
    drawer: null,
  }))
}

/** Hides, shows or isolates deleted rows in the store on screen, and in stores opened later. */
export async function showRowSet(app: App, rowSet: RowSetName): Promise<void> {
  setPreference(app, 'rowSet', rowSet)
  const store = activeStore(app.session.getState())
  if (store) await show(app, store.info.path, { rowSet })
}

export async function showSlice(app: App, index: readonly number[]): Promise<void> {
  const store = activeStore(app.session.getState())
  if (store) await show(app, store.info.path, { index })
}

export async function stepSlice(app: App, step: 1 | -1): Promise<void> {
  const session = app.session.getState()
  const array = activeArray(session)
  const active = activeStore(session)?.activeArray
  if (!array || !active) return
  const index = steppedIndex(active.index, middleAxes(array), step)
  if (index) await showSlice(app, index)
}

export async function stepArray(app: App, step: 1 | -1): Promise<void> {
  const store = activeStore(app.session.getState())
  if (!store) return
  const { arrays, path } = store.info
  const at = arrays.findIndex(({ name }) => name === store.activeArray?.array)
  const next = arrays[at + step]
  if (next) await showArray(app, path, next.name)
}
