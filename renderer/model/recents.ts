import { createStore } from 'zustand/vanilla'
import type { Recent } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'
import { announce, dismiss } from './notices.ts'

export interface RecentsState {
  /** null until the host answers. */
  list: readonly Recent[] | null
  loadedAt: number
  removed: readonly string[]
}

const UNDO_MS = 8000

export const createRecents = () => createStore<RecentsState>()(() => ({ list: null, loadedAt: 0, removed: [] }))

export const listedRecents = ({ list, removed }: RecentsState): readonly Recent[] =>
  (list ?? [])
    .filter(({ path }) => !removed.includes(path))
    .toSorted((a, b) => Number(b.pinned) - Number(a.pinned) || b.lastOpened - a.lastOpened)

export async function loadRecents(app: App): Promise<void> {
  try {
    const { result } = await app.bridge.request('listRecents', {})
    app.recents.setState({ list: result.recents, loadedAt: Date.now() })
  } catch (error) {
    reportFailure(app, error)
  }
}

export async function pinRecent(app: App, path: string, pinned: boolean): Promise<void> {
  try {
    await app.bridge.request('pinRecent', { path, pinned })
    await loadRecents(app)
  } catch (error) {
    reportFailure(app, error)
  }
}

/** Removes a store from the list; the host forgets it when the undo time is over. */
export function removeRecent(app: App, { path, name }: Pick<Recent, 'path' | 'name'>): void {
  app.recents.setState(({ removed }) => ({ removed: [...removed, path] }))
  const notice = announce(app, 'info', `${name} was removed from the recent stores.`, {
    action: { label: 'Undo', run: () => keepRecent(app, path) },
  })
  setTimeout(() => {
    dismiss(app, notice)
    void forgetRecent(app, path)
  }, UNDO_MS)
}

export function keepRecent(app: App, path: string): void {
  app.recents.setState(({ removed }) => ({ removed: removed.filter(other => other !== path) }))
}

async function forgetRecent(app: App, path: string): Promise<void> {
  if (!app.recents.getState().removed.includes(path)) return
  try {
    await app.bridge.request('removeRecent', { path })
    app.recents.setState(({ list }) => ({ list: list?.filter(recent => recent.path !== path) ?? null }))
    keepRecent(app, path)
  } catch (error) {
    reportFailure(app, error)
  }
}

export function forgetRemoved(app: App): void {
  for (const path of app.recents.getState().removed) void forgetRecent(app, path)
}
