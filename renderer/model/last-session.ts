import { isNetworkPath } from '../../core/explorer/contract/network-path.ts'
import { LIMITS } from '../../core/format/limits.ts'
import type { App } from './app.ts'
import { announce } from './notices.ts'
import { openAgain, openPaths } from './opening.ts'
import { type OpenStores, setPreference } from './preferences.ts'
import { showsPackage } from './session.ts'

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length

/** Returns the stores that are open, as many of the first ones as fit into a preference. */
function openStores(app: App): OpenStores {
  const { stores, activePath } = app.session.getState()
  const open: OpenStores = { stores: [], activePath }
  let bytes = bytesOf(open)
  for (const store of stores) {
    const entry = { path: store.info.path, showsPackage: showsPackage(store) }
    bytes += bytesOf(entry) + 1
    if (bytes <= LIMITS.preferenceBytes) open.stores.push(entry)
  }
  return open
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
 * Opens the stores that were open when the program ended, if the user wants that. Reports those that don't open. Only
 * offers to open those on other machines, and all of them if the last start did not come to show them.
 */
export async function reopenStores(app: App): Promise<void> {
  const { openStores, isReopening } = app.preferences.getState()
  if (!app.settings.getState().values.restoresStores || openStores.stores.length === 0) return
  if (isReopening) {
    const paths = openStores.stores.map(({ path }) => path)
    offerToOpen(app, paths, 'The last start did not come to show the stores of the session before.')
    setPreference(app, 'isReopening', false)
    return
  }
  setPreference(app, 'isReopening', true)
  const platform = app.session.getState().environment?.platform ?? ''
  const isRemote = ({ path }: { path: string }): boolean => isNetworkPath(path, platform)
  const local = openStores.stores.filter(store => !isRemote(store))
  await openAgain(
    app,
    local.map(({ path, showsPackage }) => ({ path, showsArray: !showsPackage })),
    openStores.activePath,
  )
  const remote = openStores.stores.filter(isRemote).map(({ path }) => path)
  if (remote.length > 0)
    offerToOpen(app, remote, 'Stores of the last session lie on other machines. Opening them may log in there.')
  afterNextFrame(() => setPreference(app, 'isReopening', false))
}

const afterNextFrame = (run: () => void): void => void requestAnimationFrame(() => requestAnimationFrame(run))

function offerToOpen(app: App, paths: readonly string[], why: string): void {
  const action = {
    label: paths.length === 1 ? 'Open it' : `Open all ${paths.length}`,
    run: () => void openPaths(app, paths),
  }
  announce(app, 'info', why, { topic: 'stores of the last session', action })
}
