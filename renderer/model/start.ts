import type { Result } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { forgetRemoved, loadRecents } from './recents.ts'
import { connectionChanged, handleEvent } from './events.ts'
import { reportFailure } from './error-message.ts'
import { isRunning, loadJobs } from './jobs.ts'
import { openPaths } from './opening.ts'
import { keepSession, removeSavedSession, restoreSession, savedTicket, saveSession } from './saved-session.ts'
import { noteOpenStores, reopenStores, skipNoting } from './last-session.ts'
import { knownPreferences, NO_SESSION } from './preferences.ts'
import { loadSettings } from './settings.ts'
import { rememberNow } from './locations.ts'
import { takeTicket } from './new-window.ts'

/** As `restoreSession`; null also when the saved session can't be read. */
async function restoredPaths(app: App, version: string): Promise<readonly string[] | null> {
  try {
    return await restoreSession(app, version)
  } catch (error) {
    reportFailure(app, error)
    return null
  }
}

/** Opens what was open before a reload, what the host asks for, and if `restores` what was open at the last end. */
async function openStores(app: App, { version, host }: Result<'environment'>, restores: boolean): Promise<void> {
  const paths = await restoredPaths(app, version)
  await openPaths(app, paths ?? app.session.getState().startPaths)
  if (restores && paths === null) await reopenStores(app)
  // Tabs of a browser share a number: the one that changes last is kept.
  if (!restores && host === 'browser') skipNoting(app)
}

async function load(app: App): Promise<void> {
  const { bridge } = app
  try {
    const [environment, preferences] = await Promise.all([
      bridge.request('environment', {}),
      bridge.request('getPreferences', {}),
      loadSettings(app),
    ])
    const { values } = preferences.result
    app.preferences.setState(knownPreferences(values, 1))
    app.session.setState({ environment: environment.result, hostNotices: environment.result.notices })
    void loadRecents(app)
    void loadJobs(app)
    const ticket = takeTicket() ?? savedTicket(environment.result.version)
    const { result } = await bridge.request('takeStartPaths', { ticket })
    app.session.setState({ startPaths: result.paths, ticket, window: result.window })
    if (result.window > 1) app.preferences.setState({ ...NO_SESSION, ...knownPreferences(values, result.window) })
    await openStores(app, environment.result, result.restores)
    app.session.setState({ isLoaded: true })
    if (environment.result.host === 'browser') removeSavedSession()
  } catch (error) {
    reportFailure(app, error)
  }
}

/** Connects the window to its host. Returns a function that disconnects it. */
export function startApp(app: App): () => void {
  const stops = [
    app.bridge.subscribe(event => handleEvent(app, event)),
    app.bridge.onConnection(connection => {
      connectionChanged(app, connection)
      if (connection === 'connected' && app.session.getState().environment === null) void load(app)
    }),
    noteOpenStores(app),
    keepSession(app),
  ]
  const leave = (): void => {
    saveSession(app)
    void rememberNow(app)
    forgetRemoved(app)
  }
  // The desktop app asks by itself; there, a page that objects could not be closed.
  const askToStay = (event: BeforeUnloadEvent): void => {
    const inBrowser = app.session.getState().environment?.host === 'browser'
    if (inBrowser && app.jobs.getState().list.some(isRunning)) event.preventDefault()
  }
  window.addEventListener('pagehide', leave)
  window.addEventListener('beforeunload', askToStay)
  void load(app)
  return () => {
    for (const stop of stops) stop()
    window.removeEventListener('pagehide', leave)
    window.removeEventListener('beforeunload', askToStay)
  }
}
