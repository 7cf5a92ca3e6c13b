import { useEffect, useState } from 'react'
import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { useApp } from './hooks.ts'
import { type OpenStore, storeAt, withStore } from './session.ts'

/** Another dtype or other axes make another array of it; the number of rows may change. */
const keyOf = ({ name, dtype, physicalShape }: ArrayInfo, state: string): string =>
  JSON.stringify([name, dtype, physicalShape.slice(1), state])

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
  const key = keyOf(array, name)
  const [first] = useState(() => initial(storeAt(app.session.getState(), path)?.viewStates.get(key) as T | undefined))
  const [state, setState] = useState(first)
  useEffect(() => {
    if (state !== first) keep(app, path, key, state)
  }, [app, path, key, state, first])
  return [state, setState]
}
