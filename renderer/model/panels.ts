import { useSyncExternalStore } from 'react'
import type { App } from './app.ts'
import { usePreferences, useSession } from './hooks.ts'
import { setPreference, togglePreference } from './preferences.ts'
import type { PanelName } from './session.ts'

const HIDDEN = { arrays: 'arraysHidden', details: 'detailsHidden' } as const satisfies Record<PanelName, string>

/** In windows up to this width (CSS pixels) a side panel lies over the array, one at a time. */
const narrow = (): MediaQueryList => matchMedia('(max-width: 860px)')

function subscribe(listener: () => void): () => void {
  const query = narrow()
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

export const useIsNarrow = (): boolean => useSyncExternalStore(subscribe, () => narrow().matches)

export function useShowsPanel(panel: PanelName): boolean {
  const isNarrow = useIsNarrow()
  const drawer = useSession(session => session.drawer)
  const isHidden = usePreferences(preferences => preferences[HIDDEN[panel]])
  return isNarrow ? drawer === panel : !isHidden
}

export function togglePanel(app: App, panel: PanelName): void {
  if (!narrow().matches) togglePreference(app, HIDDEN[panel])
  else app.session.setState(({ drawer }) => ({ drawer: drawer === panel ? null : panel }))
}

export function showPanel(app: App, panel: PanelName): void {
  if (narrow().matches) app.session.setState({ drawer: panel })
  else setPreference(app, HIDDEN[panel], false)
}

export function closeDrawer(app: App): void {
  if (app.session.getState().drawer !== null) app.session.setState({ drawer: null })
}
