import { countRows } from '../../core/explorer/contract/row-sets.ts'
import { throttle } from '../ui/throttle.ts'
import type { App } from './app.ts'
import { locatedStore } from './locations.ts'
import { openAgain } from './opening.ts'
import { arrayNamed, type OpenStore, type SavedStore, storeAt } from './session.ts'

interface SavedSession {
  /** Version of the program that saved it; another version may not understand it. */
  version: string
  /** Paths that the host had asked the window to open. */
  startPaths: readonly string[]
  ticket: string | null
  activePath: string | null
  stores: readonly SavedStore[]
}

/** Kept by the browser for as long as the tab or the desktop window lives: a reload finds it, a new window does not. */
const KEY = 'numpack-explorer session'

function activeRows({ info, rowSet, activeArray }: OpenStore): number {
  const array = activeArray && arrayNamed(info, activeArray.array)
  return array ? countRows(array, rowSet) : 0
}

const savedStore = (store: OpenStore): SavedStore => ({
  path: store.info.path,
  rowSet: store.rowSet,
  viewId: store.viewId,
  selected: store.selected,
  activeArray: store.activeArray,
  rows: activeRows(store),
  locations: [...store.locations],
  viewStates: [...store.viewStates],
})

/**
 * Keeps what is open for a reload. Does nothing before the session is restored, and when the host is lost: a page of
 * another program on its port could read what stays.
 */
export function saveSession(app: App): void {
  const { environment, startPaths, ticket, isLoaded, connection, activePath, stores } = app.session.getState()
  if (environment === null || !isLoaded || connection === 'lost') return
  const located = locatedStore(app)
  const saved: SavedSession = {
    version: environment.version,
    startPaths,
    ticket,
    activePath,
    stores: stores.map(store => savedStore(store.info.path === located?.info.path ? located : store)),
  }
  try {
    sessionStorage.setItem(KEY, JSON.stringify(saved))
  } catch {
    // The browser may forbid it, or have no room: the window then starts anew.
  }
}

/** A page that crashes saves nothing more: it comes back as it was at most this long ago. */
const SAVE_EVERY_MS = 500

/**
 * In the desktop app, keeps what is open up to date for a page that crashes. Nobody else can read it there. Returns a
 * function that ends it.
 */
export function keepSession(app: App): () => void {
  const save = throttle(() => saveSession(app), SAVE_EVERY_MS)
  const saveInDesktop = (): void => {
    if (app.session.getState().environment?.host === 'electron') save()
  }
  const stops = [app.session.subscribe(saveInDesktop), app.gridStatus.subscribe(saveInDesktop), save.cancel]
  return () => {
    for (const stop of stops) stop()
  }
}

function readSession(version: string): SavedSession | null {
  try {
    const saved = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as SavedSession | null
    return saved?.version === version ? saved : null
  } catch {
    return null
  }
}

/** Returns the ticket that the page was opened with, before a reload. */
export const savedTicket = (version: string): string | null => readSession(version)?.ticket ?? null

export function removeSavedSession(): void {
  try {
    sessionStorage.removeItem(KEY)
  } catch {
    // The browser may forbid it; then nothing is saved either.
  }
}

/**
 * Opens the stores from before a reload. Returns the paths that the host asks to open for the first time, or null if
 * there was no reload.
 */
export async function restoreSession(app: App, version: string): Promise<string[] | null> {
  const saved = readSession(version)
  if (saved === null) return null
  await openAgain(
    app,
    saved.stores.map(store => ({ path: store.path, saved: store })),
    saved.activePath,
  )
  const session = app.session.getState()
  return session.startPaths.filter(path => !saved.startPaths.includes(path) && storeAt(session, path) === undefined)
}
