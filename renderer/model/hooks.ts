import { createContext, use } from 'react'
import { useStore } from 'zustand'
import type { Settings } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import type { Dialogs } from './dialogs.ts'
import type { Jobs } from './jobs.ts'
import type { GridStatus } from './grid-status.ts'
import type { Preferences } from './preferences.ts'
import type { Session } from './session.ts'

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = use(AppContext)
  if (app === null) throw new Error('a component stands outside of AppContext')
  return app
}

export const useSession = <T>(select: (session: Session) => T): T => useStore(useApp().session, select)
export const useGridStatus = <T>(select: (status: GridStatus) => T): T => useStore(useApp().gridStatus, select)
export const usePreferences = <T>(select: (preferences: Preferences) => T): T => useStore(useApp().preferences, select)
export const useSettings = <T>(select: (settings: Settings) => T): T =>
  useStore(useApp().settings, ({ values }) => select(values))
export const useDialogs = <T>(select: (dialogs: Dialogs) => T): T => useStore(useApp().dialogs, select)
export const useJobs = <T>(select: (jobs: Jobs) => T): T => useStore(useApp().jobs, select)
