import { createStore } from 'zustand/vanilla'
import type { ArrayInfo, ArrayLocation, Result, StoreInfo, RowSetName } from '../../core/explorer/contract/types.ts'
import type { Connection } from '../bridge/bridge.ts'
import type { CellPosition, CellRange } from '../grid/index.ts'

type Environment = Result<'environment'>

/** The active array and where its grid starts. Positions count the rows of the row set. */
export interface ActiveArray {
  array: string
  index: readonly number[]
  top: number
  cursor: CellPosition
}

export const GRID_VIEW_ID = 'grid'

export interface OpenStore {
  info: StoreInfo
  rowSet: RowSetName
  /** Id of the selected view; an array that it can't show appears in the grid. */
  viewId: string
  /** Selection of the grid when another view replaced it. */
  selected: { array: string; range: CellRange } | null
  /** null when a store has no array, and while a package's own view is open. */
  activeArray: ActiveArray | null
  /** Locations in the arrays that were active before, by name; the latest come last. */
  locations: ReadonlyMap<string, ArrayLocation>
  /**
   * What the user chose in the views of the arrays (use-view-state.ts): JSON values, replaced and changed in place; the
   * latest come last.
   */
  viewStates: Map<string, unknown>
}

export interface SavedStore extends Pick<OpenStore, 'rowSet' | 'viewId' | 'selected' | 'activeArray'> {
  path: string
  /** Number of rows that the active array showed; with another one, its positions mean other rows. */
  rows: number
  locations: readonly (readonly [array: string, location: ArrayLocation])[]
  viewStates: readonly (readonly [key: string, state: unknown])[]
}

interface Decompression {
  bytesDone: number
  bytesTotal: number
}

export const decompressionKey = (store: number, array: string): string => `${store} ${array}`

export type PanelName = 'arrays' | 'details'

export interface Session {
  /** null until the host answers. */
  environment: Environment | null
  startPaths: readonly string[]
  /** Ticket that another window opened this page with; null for other pages. */
  ticket: string | null
  /** Number of the window in the program; its session is kept under it. */
  window: number
  /** Whether the stores from before a reload and the start paths are open. */
  isLoaded: boolean
  connection: Connection
  hostNotices: readonly string[]
  stores: readonly OpenStore[]
  /** Path of the store on screen; null for the welcome page. */
  activePath: string | null
  opening: readonly string[]
  /** Side panel that lies over the array in a narrow window. */
  drawer: PanelName | null
  /** Number of files that the host holds open; null until it reports it. */
  openFiles: number | null
  /** Progress of decompressing arrays of open packages, by `decompressionKey`; finished ones are removed. */
  decompressing: ReadonlyMap<string, Decompression>
}

export const createSession = () =>
  createStore<Session>()(() => ({
    environment: null,
    startPaths: [],
    ticket: null,
    window: 1,
    isLoaded: false,
    connection: 'connected',
    hostNotices: [],
    stores: [],
    activePath: null,
    opening: [],
    drawer: null,
    openFiles: null,
    decompressing: new Map(),
  }))

export const storeAt = (session: Session, path: string | null): OpenStore | undefined =>
  session.stores.find(({ info }) => info.path === path)

export const activeStore = (session: Session): OpenStore | undefined => storeAt(session, session.activePath)

export const showsPackage = (store: OpenStore | undefined): boolean =>
  store !== undefined && store.info.package !== null && store.activeArray === null

export const arrayNamed = (store: StoreInfo, name: string): ArrayInfo | undefined =>
  store.arrays.find(array => array.name === name)

export const activeArray = (session: Session): ArrayInfo | undefined => {
  const store = activeStore(session)
  return store?.activeArray ? arrayNamed(store.info, store.activeArray.array) : undefined
}

export function withStore(session: Session, path: string, change: (store: OpenStore) => OpenStore): Session {
  return { ...session, stores: session.stores.map(store => (store.info.path === path ? change(store) : store)) }
}
