import type { App } from './app.ts'
import { activeArray, activeStore } from './session.ts'

export const hasStore = (app: App): boolean => activeStore(app.session.getState()) !== undefined
export const hasArray = (app: App): boolean => activeArray(app.session.getState()) !== undefined
export const hasGrid = (app: App): boolean => app.grid.current !== null

/** Returns a command's action on the path of the active store; it does nothing without one. */
export const withPath =
  (action: (app: App, path: string) => void) =>
  (app: App): void => {
    const path = activeStore(app.session.getState())?.info.path
    if (path !== undefined) action(app, path)
  }
