import { useEffect, useState } from 'react'
import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { viewKey } from './array-shape.ts'
import { useApp } from './hooks.ts'
import { type OpenStore, storeAt, withStore } from './session.ts'

function keep(app: App, path: string, key: string, state: unknown): void {
  app.session.setState(session =>
    withStore(session, path, store => ({ ...store, viewStates: new Map(store.viewStates).set(key, state) })),
  )
}

/**
 * `useState` for a view's JSON values: kept for each array, also when the window is loaded again. `initial` gets the
 * kept state. A mounted component must keep its array.
 */
export function useViewState<T>(
  { info: { path } }: OpenStore,
  array: ArrayInfo,
  name: string,
  initial: (kept: T | undefined) => T,
): [T, (change: (state: T) => T) => void] {
  const app = useApp()
  const key = JSON.stringify([...viewKey(array), name])
  const [first] = useState(() => initial(storeAt(app.session.getState(), path)?.viewStates.get(key) as T | undefined))
  const [state, setState] = useState(first)
  useEffect(() => {
    if (state !== first) keep(app, path, key, state)
  }, [app, path, key, state, first])
  return [state, setState]
}
