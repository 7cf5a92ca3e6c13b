import { useEffect, useState } from 'react'
import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { setLatest } from './arrangement.ts'
import { viewKey } from './array-shape.ts'
import { useApp } from './hooks.ts'
import { rememberSoon } from './locations.ts'
import { type OpenStore, storeAt } from './session.ts'

const statesOf = (app: App, path: string): Map<string, unknown> | undefined =>
  storeAt(app.session.getState(), path)?.viewStates

const keyOf = (array: ArrayInfo, name: string): string => JSON.stringify([...viewKey(array), name])

/**
 * `useState` for a view's JSON values: kept for each array, also for later starts of the program, so another form of
 * state needs another `name`. `initial` gets the kept state. A mounted component must keep its array.
 */
export function useViewState<T>(
  { info: { path } }: OpenStore,
  array: ArrayInfo,
  name: string,
  initial: (kept: T | undefined) => T,
): [T, (change: (state: T) => T) => void] {
  const app = useApp()
  const key = keyOf(array, name)
  const [first] = useState(() => initial(statesOf(app, path)?.get(key) as T | undefined))
  const [state, setState] = useState(first)
  useEffect(() => {
    const states = statesOf(app, path)
    if (state === first || !states) return
    setLatest(states, key, state)
    rememberSoon(app)
  }, [app, path, key, state, first])
  return [state, setState]
}

/** Returns an object that is kept as `useViewState` keeps values, for code outside React to change in place. */
export function keptObject<T extends object>({ viewStates }: OpenStore, array: ArrayInfo, name: string, first: T): T {
  const key = keyOf(array, name)
  const kept = viewStates.get(key) as T | undefined
  if (kept === undefined) viewStates.set(key, first)
  return kept ?? first
}

/** Forgets what the views keep of an array. A mounted view goes on with its own state. */
export function forgetViewStates(app: App, { info: { path } }: OpenStore, array: ArrayInfo): void {
  const states = statesOf(app, path)
  const start = `${JSON.stringify(viewKey(array)).slice(0, -1)},`
  for (const key of states?.keys() ?? []) if (key.startsWith(start)) states?.delete(key)
  rememberSoon(app)
}
