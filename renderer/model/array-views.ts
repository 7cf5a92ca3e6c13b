import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import type { ArrayInfo, RowSetName } from '../../core/explorer/contract/types.ts'
import { countRows } from '../../core/explorer/contract/row-sets.ts'
import type { App } from './app.ts'
import { captureLocation } from './locations.ts'
import { activeArray, activeStore, type OpenStore, type ActiveArray, withStore } from './session.ts'

export interface ArrayViewProps {
  store: OpenStore
  array: ArrayInfo
  activeArray: ActiveArray
}

interface ViewBar {
  hasSlices: boolean
  start?: ComponentType<{ array: ArrayInfo }>
  end?: ComponentType<{ array: ArrayInfo }>
}

export interface ArrayView {
  id: string
  title: string
  icon: LucideIcon
  /** Title and key of the command that selects the view; the key in the notation of ui/keys.ts. */
  commandTitle: string
  key: string
  supports: (array: ArrayInfo, rows: number) => boolean
  /** `lazy` for a view that is loaded on first use. */
  component: ComponentType<ArrayViewProps>
  load?: () => Promise<unknown>
  /** Whether the component stays mounted when the array or the row set changes. */
  isKept: boolean
  /** null for a view without a bar */
  bar: ViewBar | null
}

export const viewsOf = ({ views }: App, array: ArrayInfo, rows: RowSetName): readonly ArrayView[] =>
  views.filter(({ supports }) => supports(array, countRows(array, rows)))

/** Returns the view that shows an array: the selected one, or the first one if that can't. */
export function viewOf(app: App, store: OpenStore, array: ArrayInfo): ArrayView {
  const views = viewsOf(app, array, store.rowSet)
  return views.find(({ id }) => id === store.viewId) ?? views[0]!
}

export function canShowIn(app: App, id: string): boolean {
  const session = app.session.getState()
  const store = activeStore(session)
  const array = activeArray(session)
  return store !== undefined && array !== undefined && viewsOf(app, array, store.rowSet).some(view => view.id === id)
}

export function showIn(app: App, viewId: string): void {
  const { activePath } = app.session.getState()
  const store = activeStore(app.session.getState())
  if (activePath === null || !store || store.viewId === viewId) return
  captureLocation(app)
  const range = app.grid.current?.selection()?.range
  const selected = range && store.activeArray ? { array: store.activeArray.array, range } : store.selected
  app.session.setState(session => withStore(session, activePath, store => ({ ...store, viewId, selected })))
}
