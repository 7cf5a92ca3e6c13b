import type { ArrayLocation, Place, Result, StoreInfo, RowSetName } from '../../core/explorer/contract/types.ts'
import { BridgeError } from '../bridge/bridge.ts'
import { countRows } from '../../core/explorer/contract/row-sets.ts'
import { fittingIndex } from './array-shape.ts'
import { captureLocation, rememberNow } from './locations.ts'
import { BEGINNING, resolveLocation, showArray } from './navigation.ts'
import type { App } from './app.ts'
import { setLatest } from './arrangement.ts'
import { reportFailure } from './error-message.ts'
import { announce } from './notices.ts'
import { copyText } from './copy-text.ts'
import { keepRecent, loadRecents } from './recents.ts'
import {
  activeStore,
  arrayNamed,
  GRID_VIEW_ID,
  type OpenStore,
  type SavedStore,
  storeAt,
  withStore,
} from './session.ts'

export const FOLLOW_LINKS = 'Follow the links of this store'

/** Returns where a store opens: the remembered location if its array exists, else the first readable array. */
function startOf(info: StoreInfo, place: Place | null): { array: string; location: ArrayLocation } | null {
  const remembered = place && arrayNamed(info, place.array)
  if (place && remembered) {
    const row = { row: place.row, numbering: 'logical' } as const
    return { array: place.array, location: { top: row, cursor: row, column: place.column, index: place.index } }
  }
  const first = info.arrays.find(array => array.damaged === null) ?? info.arrays[0]
  return first ? { array: first.name, location: BEGINNING } : null
}

interface Reopening {
  /** The store's state before a reload. */
  saved?: SavedStore
  /** Whether a package opens with the array of its place; by default it opens with its own view. */
  showsArray?: boolean
}

async function openedStore(
  app: App,
  { store: info, place }: Result<'openStore'>,
  rowSet: RowSetName,
  showsArray: boolean,
): Promise<OpenStore> {
  const viewId = place?.shownAs ?? GRID_VIEW_ID
  const start = startOf(info, place)
  const { locations: known = [], viewStates = [] } = place?.arrangement ?? {}
  const locations = new Map<string, ArrayLocation>(known)
  if (start) setLatest(locations, start.array, start.location)
  const array = start && (info.package === null || showsArray) ? arrayNamed(info, start.array) : undefined
  const activeArray = start && array ? await resolveLocation(app, info.id, array, rowSet, start.location) : null
  return {
    info,
    rowSet,
    viewId,
    selected: null,
    activeArray,
    locations,
    viewStates: new Map<string, unknown>(viewStates),
  }
}

async function reloadedStore(app: App, info: StoreInfo, saved: SavedStore): Promise<OpenStore | null> {
  const { rowSet, viewId, selected } = saved
  const locations = new Map(saved.locations)
  let { activeArray } = saved
  if (activeArray !== null) {
    const array = arrayNamed(info, activeArray.array)
    if (!array) return null
    const { index } = activeArray
    const location = locations.get(array.name) ?? { ...BEGINNING, index: [...index] }
    activeArray =
      countRows(array, rowSet) === saved.rows
        ? { ...activeArray, index: fittingIndex(array, index) }
        : await resolveLocation(app, info.id, array, rowSet, location)
  } else if (info.package === null) return null
  return { info, rowSet, viewId, selected, activeArray, locations, viewStates: new Map(saved.viewStates) }
}

/** Opens or shows a store. Returns its path, or null after reporting the error. */
async function openPath(app: App, path: string, { saved, showsArray = false }: Reopening = {}): Promise<string | null> {
  app.session.setState(({ opening }) => ({ opening: [...opening, path] }))
  try {
    const { result } = await app.bridge.request('openStore', { path })
    const opened = result.store.path
    keepRecent(app, opened)
    if (!storeAt(app.session.getState(), opened)) {
      const store =
        (saved && (await reloadedStore(app, result.store, saved))) ??
        (await openedStore(app, result, result.place?.rowSet ?? app.preferences.getState().rowSet, showsArray))
      // The same store may have been opened meanwhile, under this path or another one.
      app.session.setState(session => (storeAt(session, opened) ? session : { stores: [...session.stores, store] }))
    }
    return opened
  } catch (error) {
    reportUnopened(app, path, error, () => openPaths(app, [path]))
    return null
  } finally {
    app.session.setState(({ opening }) => ({ opening: opening.filter(other => other !== path) }))
  }
}

/** Opens stores and reports each that fails in one sentence. Shows the first that opens. */
export async function openPaths(app: App, paths: readonly string[]): Promise<void> {
  let isFirst = true
  for (const path of paths) {
    const opened = await openPath(app, path)
    if (opened !== null && isFirst) activate(app, opened)
    isFirst &&= opened === null
  }
  void loadRecents(app)
}

/** Opens stores from before, and shows the one at `activePath`. null shows the welcome page. */
export async function openAgain(
  app: App,
  stores: readonly (Reopening & { path: string })[],
  activePath: string | null,
): Promise<void> {
  for (const { path, ...reopening } of stores) {
    const opened = await openPath(app, path, reopening)
    // The user may have chosen another tab meanwhile.
    const isFree = app.session.getState().activePath === null
    if (opened !== null && path === activePath && isFree) activate(app, opened)
  }
  const session = app.session.getState()
  const [first] = session.stores
  if (activePath !== null && session.activePath === null && first) activate(app, first.info.path)
}

/** Allows or forbids to follow the symbolic links of a store. Returns whether the host noted it. */
export async function followLinks(app: App, path: string, follow: boolean): Promise<boolean> {
  try {
    await app.bridge.request('followLinks', { path, follow })
    return true
  } catch (error) {
    reportFailure(app, error)
    return false
  }
}

/** Reports why a store did not open. Offers to follow its links, and then to try again, when these are the reason. */
function reportUnopened(app: App, path: string, error: unknown, again: () => Promise<void>): void {
  if (!(error instanceof BridgeError) || error.code !== 'PATH_ESCAPE') {
    reportFailure(app, error)
    return
  }
  const run = async (): Promise<void> => {
    if (await followLinks(app, path, true)) await again()
  }
  const { message } = error
  announce(app, 'error', message, { topic: message, action: { label: FOLLOW_LINKS, run: () => void run() } })
}

export function activate(app: App, path: string | null): void {
  if (app.session.getState().activePath === path) return
  captureLocation(app)
  const remembered = rememberNow(app)
  app.session.setState({ activePath: path, drawer: null })
  // The list shows where each store was left.
  if (path === null) void remembered.then(() => loadRecents(app))
}

export function neighbour(app: App, step: 1 | -1): string | null {
  const { stores, activePath } = app.session.getState()
  const at = stores.findIndex(({ info }) => info.path === activePath)
  const next = at < 0 ? 0 : (at + step + stores.length) % stores.length
  return stores[next]?.info.path ?? null
}

export function closeStore(app: App, path: string): void {
  const session = app.session.getState()
  const store = storeAt(session, path)
  if (!store) return
  if (session.activePath === path) {
    const next = neighbour(app, 1)
    activate(app, next === path ? null : next)
  }
  app.session.setState(({ stores }) => ({ stores: stores.filter(({ info }) => info.path !== path) }))
  app.bridge.request('closeStore', { store: store.info.id }).catch((error: unknown) => reportFailure(app, error))
}

/** Opens a store again after its files were gone or the host was replaced. Keeps its tab and location. */
export async function reopen(app: App, path: string): Promise<void> {
  if (app.session.getState().activePath === path) captureLocation(app)
  try {
    const { result } = await app.bridge.request('openStore', { path })
    app.session.setState(session => withStore(session, path, store => ({ ...store, info: result.store })))
    const activeArray = storeAt(app.session.getState(), path)?.activeArray
    if (activeArray) await showArray(app, path, activeArray.array)
    else if (result.store.package === null && result.store.arrays[0])
      await showArray(app, path, result.store.arrays[0].name)
  } catch (error) {
    reportUnopened(app, path, error, () => reopen(app, path))
  }
}

export async function chooseToOpen(app: App, method: 'pickFolder' | 'pickPackages'): Promise<void> {
  if (!app.session.getState().environment?.canPickFolder) {
    app.dialogs.setState({ open: { kind: 'folders', filter: '', reason: null } })
    return
  }
  try {
    const { result } = await app.bridge.request(method, {})
    await openPaths(app, result.paths)
  } catch (error) {
    reportFailure(app, error)
  }
}

export function showInFolder(app: App, path: string): void {
  app.bridge.request('showInFolder', { path }).catch((error: unknown) => reportFailure(app, error))
}

export function openSample(app: App): void {
  const path = app.session.getState().environment?.sampleStore
  if (path !== undefined) void openPaths(app, [path])
}

export async function copyStorePath(app: App): Promise<void> {
  const path = activeStore(app.session.getState())?.info.path
  if (path !== undefined) await copyText(app, path)
}
