import type { App } from './app.ts'
import { activeArray, activeStore } from './session.ts'

/** Whether a store or package is on screen. */
export const hasStore = (app: App): boolean => activeStore(app.session.getState()) !== undefined
/** Whether an array is on screen, in whatever view. */
export const hasArray = (app: App): boolean => activeArray(app.session.getState()) !== undefined
/** Whether a grid is on screen. */
export const hasGrid = (app: App): boolean => app.grid.current !== null

/** Turns an action on the path of a store into one on the store on screen. */
export const withPath =
  (action: (app: App, path: string) => void) =>
  (app: App): void => {
    const path = activeStore(app.session.getState())?.info.path
    if (path !== undefined) action(app, path)
  }
