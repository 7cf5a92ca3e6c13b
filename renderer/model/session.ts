import { createStore } from 'zustand/vanilla'
import type { ArrayInfo, Result, StoreInfo, View } from '../../core/explorer/contract/types.ts'
import type { Connection } from '../bridge/bridge.ts'
import type { CellPosition, CellRange } from '../grid/index.ts'
import type { Anchor } from './anchor.ts'

type Environment = Result<'environment'>

/** Where the user was in one array, in terms that hold in every view. */
export interface ArrayPlace {
  top: Anchor
  cursor: Anchor
  column: number
  /** Indices along the middle axes. */
  index: readonly number[]
}

/** What the grid of a store is showing. Positions count the rows of the store's view. */
export interface Shown {
  array: string
  index: readonly number[]
  /** The row at the top when the grid starts with this array, view and index. */
  top: number
  cursor: CellPosition
}

/** The id of the view that a store starts with: its grid. */
export const GRID_VIEW_ID = 'grid'

export interface OpenStore {
  info: StoreInfo
  view: View
  /** The id of the view that was chosen; an array that it can't show is shown in the grid. */
  viewId: string
  /** What was selected in the grid when another view took its place. */
  selected: { array: string; range: CellRange } | null
  /** null while a store has no array to show, and for what a package itself has to say. */
  shown: Shown | null
  /** The arrays that were shown before, by name. */
  places: ReadonlyMap<string, ArrayPlace>
}

interface Decompression {
  bytesDone: number
  bytesTotal: number
}

export const decompressionKey = (store: number, array: string): string => `${store} ${array}`

export interface Session {
  /** null until the host has answered for the first time. */
  environment: Environment | null
  connection: Connection
  /** What the host can't do, one sentence each. */
  hostNotices: readonly string[]
  /** In the order of their tabs; told apart by their path. */
  stores: readonly OpenStore[]
  /** Path of the store on screen; null for the welcome page. */
  activePath: string | null
  /** Paths that are being opened. */
  opening: readonly string[]
  /** How many files the host holds open to be looked at; null until it has said so. */
  openFiles: number | null
  /** How far arrays of open packages are decompressed, by `decompressionKey`; those that are done are not in it. */
  decompressing: ReadonlyMap<string, Decompression>
}

export const createSession = () =>
  createStore<Session>()(() => ({
    environment: null,
    connection: 'connected',
    hostNotices: [],
    stores: [],
    activePath: null,
    opening: [],
    openFiles: null,
    decompressing: new Map(),
  }))

export const storeAt = (session: Session, path: string | null): OpenStore | undefined =>
  session.stores.find(({ info }) => info.path === path)

export const activeStore = (session: Session): OpenStore | undefined => storeAt(session, session.activePath)

/** Whether a package is on screen itself, not one of its arrays. */
export const showsPackage = (store: OpenStore | undefined): boolean =>
  store !== undefined && store.info.package !== null && store.shown === null

export const arrayNamed = (store: StoreInfo, name: string): ArrayInfo | undefined =>
  store.arrays.find(array => array.name === name)

/** The array on screen. */
export const activeArray = (session: Session): ArrayInfo | undefined => {
  const store = activeStore(session)
  return store?.shown ? arrayNamed(store.info, store.shown.array) : undefined
}

/** The session with one store changed; the same session when the store is not open any more. */
export function withStore(session: Session, path: string, change: (store: OpenStore) => OpenStore): Session {
  return { ...session, stores: session.stores.map(store => (store.info.path === path ? change(store) : store)) }
}
