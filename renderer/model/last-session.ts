import { isNetworkPath } from '../../core/explorer/contract/network-path.ts'
import type { App } from './app.ts'
import { announce } from './notices.ts'
import { openAgain, openPaths } from './opening.ts'
import { type OpenStores, setPreference } from './preferences.ts'
import { showsPackage } from './session.ts'

/** Most stores that are opened again; with their paths they fit into a preference. */
const MOST_STORES = 100
const MOST_CHARACTERS = 12_000

function openStores(app: App): OpenStores {
  const { stores, activePath } = app.session.getState()
  let characters = 0
  const kept = stores.slice(0, MOST_STORES).filter(({ info }) => (characters += info.path.length) <= MOST_CHARACTERS)
  return { stores: kept.map(store => ({ path: store.info.path, showsPackage: showsPackage(store) })), activePath }
}

/** Takes what is open as noted. */
export function skipNoting(app: App): void {
  app.preferences.setState({ openStores: openStores(app) })
}

/** Notes which stores are open whenever that changes, for the next start of the program. Returns a function that ends it. */
export function noteOpenStores(app: App): () => void {
  return app.session.subscribe(({ isLoaded, connection }) => {
    if (!isLoaded || connection === 'lost') return
    const open = openStores(app)
    if (JSON.stringify(open) === JSON.stringify(app.preferences.getState().openStores)) return
    setPreference(app, 'openStores', open)
  })
}

/**
 * Opens the stores that were open when the program ended, if the user wants that. Reports those that don't open, and
 * offers to open those on other machines.
 */
export async function reopenStores(app: App): Promise<void> {
  const { openStores } = app.preferences.getState()
  if (!app.settings.getState().values.restoresStores) return
  const platform = app.session.getState().environment?.platform ?? ''
  const stores = openStores.stores.map(({ path, showsPackage }) => ({ path, showsArray: !showsPackage }))
  const elsewhere = stores.filter(({ path }) => isNetworkPath(path, platform)).map(({ path }) => path)
  if (elsewhere.length > 0) offerToOpen(app, elsewhere)
  await openAgain(
    app,
    stores.filter(({ path }) => !elsewhere.includes(path)),
    openStores.activePath,
  )
}

function offerToOpen(app: App, paths: readonly string[]): void {
  const which = paths.length === 1 ? `The store ${paths[0]} lies` : `${paths.length} stores of the last session lie`
  announce(app, 'info', `${which} on another machine. Opening may log in there.`, {
    topic: 'stores on other machines',
    action: { label: 'Open', run: () => void openPaths(app, paths) },
  })
}
