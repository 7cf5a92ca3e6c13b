import type { StoreApi } from 'zustand/vanilla'
import type { HostBridge } from '../bridge/bridge.ts'
import type { GridHandle } from '../grid/index.ts'
import type { ArrayView } from './array-views.ts'
import { type Command, CommandRegistry } from './commands.ts'
import { createDialogs, type Dialogs } from './dialogs.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createGridStatus, type GridStatus } from './grid-status.ts'
import { createNotices, type Notices } from './notices.ts'
import type { ExportTarget } from './export-target.ts'
import { createPreferences, type Preferences } from './preferences.ts'
import { createRecents, type RecentsState } from './recents.ts'
import { createSettings, type SettingsState } from './settings.ts'
import { createSession, type Session } from './session.ts'

export interface App {
  readonly bridge: HostBridge
  readonly session: StoreApi<Session>
  readonly gridStatus: StoreApi<GridStatus>
  readonly notices: StoreApi<Notices>
  readonly dialogs: StoreApi<Dialogs>
  readonly jobs: StoreApi<Jobs>
  readonly recents: StoreApi<RecentsState>
  readonly preferences: StoreApi<Preferences>
  readonly settings: StoreApi<SettingsState>
  readonly commands: CommandRegistry
  readonly views: readonly ArrayView[]
  readonly grid: { readonly current: GridHandle | null }
  readonly attachGrid: (grid: GridHandle | null) => void
  readonly exportTarget: { readonly current: ExportTarget | null }
  readonly attachExportTarget: (exportTarget: ExportTarget | null) => void
}

interface Features {
  commands?: readonly Command[]
  views?: readonly ArrayView[]
}

export function createApp(bridge: HostBridge, { commands = [], views = [] }: Features = {}): App {
  const grid: { current: GridHandle | null } = { current: null }
  const exportTarget: { current: ExportTarget | null } = { current: null }
  return {
    bridge,
    session: createSession(),
    gridStatus: createGridStatus(),
    notices: createNotices(),
    dialogs: createDialogs(),
    jobs: createJobs(),
    recents: createRecents(),
    preferences: createPreferences(),
    settings: createSettings(),
    commands: new CommandRegistry(commands),
    views,
    grid,
    attachGrid: attached => {
      grid.current = attached
    },
    exportTarget,
    attachExportTarget: attached => {
      exportTarget.current = attached
    },
  }
}
