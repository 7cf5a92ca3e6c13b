import type { ArrayInfo, View } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { activeArray, activeStore, type Display, type OpenStore, withStore } from './session.ts'
import { arrayKind } from './array-shape.ts'
import { capturePlaces } from './places.ts'

/** What an array can be shown as, besides a grid. */
export function displaysOf(array: ArrayInfo, view: View): readonly Display[] {
  if (arrayKind(array, view) !== 'grid') return ['grid', 'info']
  return array.physicalShape.length > 1 ? ['grid', 'plot', 'image', 'columns', 'info'] : ['grid', 'plot', 'info']
}

/** What an array of a store is shown as. */
export const displayOf = (store: OpenStore, array: ArrayInfo): Display =>
  displaysOf(array, store.view).includes(store.display) ? store.display : 'grid'

/** Whether the array on screen can be shown so. */
export function canDisplay(app: App, display: Display): boolean {
  const session = app.session.getState()
  const store = activeStore(session)
  const array = activeArray(session)
  return store !== undefined && array !== undefined && displaysOf(array, store.view).includes(display)
}

/** Shows the arrays of the store on screen as something else, at the same place. */
export function showDisplay(app: App, display: Display): void {
  const { activePath } = app.session.getState()
  const store = activeStore(app.session.getState())
  if (activePath === null || !store || store.display === display) return
  capturePlaces(app)
  const range = app.grid.current?.selection()?.range
  const selected = range && store.shown ? { array: store.shown.array, range } : store.selected
  app.session.setState(session => withStore(session, activePath, store => ({ ...store, display, selected })))
}
