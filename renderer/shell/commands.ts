import type { MenuCommand } from '../../core/explorer/contract/commands.ts'
import { middleAxes } from '../explorer/array-shape.ts'
import { showView, stepArray, stepSlice } from '../explorer/showing.ts'
import { copyCellValue } from '../selection/copy-value.ts'
import type { App } from '../state/app.ts'
import type { OpenDialog } from '../state/dialogs.ts'
import { activate, chooseFolders, closeStore, copyStorePath, neighbour, openSample } from '../state/opening.ts'
import { setPreference, type Theme } from '../state/preferences.ts'
import { activeArray, activeStore } from '../state/session.ts'
import { reportFailure } from '../state/failures.ts'
import { focusArrayFilter, focusRowField } from './focus.ts'

/** Every action of the window. The names in MENU_COMMANDS of the contract are those that a desktop menu offers. */
export type CommandName =
  | MenuCommand
  | 'openFolder'
  | 'openSample'
  | 'showWelcome'
  | 'closeStore'
  | 'nextStore'
  | 'previousStore'
  | 'copyStorePath'
  | 'showInFolder'
  | 'showWarnings'
  | 'filterArrays'
  | 'nextArray'
  | 'previousArray'
  | 'nextSlice'
  | 'previousSlice'
  | 'focusGrid'
  | 'copyCells'
  | 'copyValue'
  | 'switchTheme'

export type CommandGroup = 'Stores' | 'Arrays' | 'Rows' | 'Window'

export interface Command {
  title: string
  group: CommandGroup
  /** As keys.ts writes them. Browsers keep Ctrl+W, Ctrl+T and Ctrl+Tab to themselves. */
  keys: string
  /** The grid listens to these keys itself. */
  byGrid?: boolean
  /** Whether there is something to act on; always when left out. */
  enabled?: (app: App) => boolean
  run: (app: App) => void
}

const hasStore = (app: App): boolean => activeStore(app.session.getState()) !== undefined
const hasArray = (app: App): boolean => activeArray(app.session.getState()) !== undefined
const hasGrid = (app: App): boolean => app.grid.current !== null
const hasValue = (app: App): boolean => hasGrid(app) || activeArray(app.session.getState())?.shape.length === 0
const hasTabs = (app: App): boolean => app.session.getState().stores.length > 1
const hasSlices = (app: App): boolean => {
  const array = activeArray(app.session.getState())
  return array !== undefined && middleAxes(array).length > 0
}

const toggle = (app: App, kind: 'palette' | 'shortcuts' | 'warnings'): void =>
  app.dialogs.setState(({ open }) => ({ open: open?.kind === kind ? null : ({ kind } satisfies OpenDialog) }))

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }

function switchTheme(app: App): void {
  setPreference(app, 'theme', NEXT_THEME[app.preferences.getState().theme])
}

function togglePanel(app: App, panel: 'arraysHidden' | 'detailsHidden'): void {
  setPreference(app, panel, !app.preferences.getState()[panel])
}

function toTab(app: App, step: 1 | -1): void {
  const path = neighbour(app, step)
  if (path !== null) activate(app, path)
}

function showInFolder(app: App): void {
  const path = activeStore(app.session.getState())?.info.path
  if (path === undefined) return
  app.bridge.request('showInFolder', { path }).catch((error: unknown) => reportFailure(app, error))
}

export const COMMANDS: Record<CommandName, Command> = {
  openFolder: { title: 'Open folder…', group: 'Stores', keys: 'Mod+O', run: app => void chooseFolders(app) },
  openSample: { title: 'Open the sample store', group: 'Stores', keys: 'Alt+O', run: openSample },
  showWelcome: { title: 'Recent stores', group: 'Stores', keys: 'Alt+R', run: app => activate(app, null) },
  closeStore: {
    title: 'Close the store',
    group: 'Stores',
    keys: 'Alt+W',
    enabled: hasStore,
    run: app => closeStore(app, app.session.getState().activePath ?? ''),
  },
  nextStore: {
    title: 'Next store',
    group: 'Stores',
    keys: 'Alt+PageDown',
    enabled: hasTabs,
    run: app => toTab(app, 1),
  },
  previousStore: {
    title: 'Previous store',
    group: 'Stores',
    keys: 'Alt+PageUp',
    enabled: hasTabs,
    run: app => toTab(app, -1),
  },
  copyStorePath: {
    title: 'Copy the store’s path',
    group: 'Stores',
    keys: 'Alt+C',
    enabled: hasStore,
    run: app => void copyStorePath(app),
  },
  showInFolder: {
    title: 'Show the store in the file manager',
    group: 'Stores',
    keys: 'Alt+L',
    enabled: app => hasStore(app) && app.session.getState().environment?.canShowInFolder === true,
    run: showInFolder,
  },
  showWarnings: {
    title: 'Warnings and damage',
    group: 'Stores',
    keys: '!',
    enabled: hasStore,
    run: app => toggle(app, 'warnings'),
  },
  filterArrays: { title: 'Filter the arrays', group: 'Arrays', keys: '/', enabled: hasStore, run: focusArrayFilter },
  nextArray: {
    title: 'Next array',
    group: 'Arrays',
    keys: 'Alt+ArrowDown',
    enabled: hasStore,
    run: app => void stepArray(app, 1),
  },
  previousArray: {
    title: 'Previous array',
    group: 'Arrays',
    keys: 'Alt+ArrowUp',
    enabled: hasStore,
    run: app => void stepArray(app, -1),
  },
  nextSlice: {
    title: 'Next slice',
    group: 'Arrays',
    keys: ']',
    enabled: hasSlices,
    run: app => void stepSlice(app, 1),
  },
  previousSlice: {
    title: 'Previous slice',
    group: 'Arrays',
    keys: '[',
    enabled: hasSlices,
    run: app => void stepSlice(app, -1),
  },
  goToRow: { title: 'Go to row…', group: 'Rows', keys: 'Mod+G', enabled: hasArray, run: focusRowField },
  hideDeleted: {
    title: 'Hide deleted rows',
    group: 'Rows',
    keys: 'h',
    enabled: hasStore,
    run: app => void showView(app, 'active'),
  },
  showDeleted: {
    title: 'Show deleted rows',
    group: 'Rows',
    keys: 's',
    enabled: hasStore,
    run: app => void showView(app, 'all'),
  },
  onlyDeleted: {
    title: 'Only deleted rows',
    group: 'Rows',
    keys: 'o',
    enabled: hasStore,
    run: app => void showView(app, 'deleted'),
  },
  focusGrid: {
    title: 'Go to the grid',
    group: 'Rows',
    keys: 'g',
    enabled: hasGrid,
    run: app => app.grid.current?.focus(),
  },
  copyCells: {
    title: 'Copy the selected cells',
    group: 'Rows',
    keys: 'Mod+C',
    byGrid: true,
    enabled: hasGrid,
    run: app => void app.grid.current?.copy(),
  },
  copyValue: {
    title: 'Copy the value of the cell',
    group: 'Rows',
    keys: 'c',
    enabled: hasValue,
    run: app => void copyCellValue(app),
  },
  toggleArrays: {
    title: 'Arrays panel',
    group: 'Window',
    keys: 'Alt+A',
    run: app => togglePanel(app, 'arraysHidden'),
  },
  toggleDetails: {
    title: 'Details panel',
    group: 'Window',
    keys: 'Mod+I',
    run: app => togglePanel(app, 'detailsHidden'),
  },
  switchTheme: { title: 'Switch between system, light and dark', group: 'Window', keys: 't', run: switchTheme },
  commandPalette: { title: 'Commands…', group: 'Window', keys: 'Mod+K', run: app => toggle(app, 'palette') },
  keyboardShortcuts: { title: 'Keyboard shortcuts', group: 'Window', keys: '?', run: app => toggle(app, 'shortcuts') },
}

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[]

export const isEnabled = (app: App, name: CommandName): boolean => COMMANDS[name].enabled?.(app) ?? true

/** Runs a command if there is something for it to act on. */
export function runCommand(app: App, name: CommandName): void {
  if (isEnabled(app, name)) COMMANDS[name].run(app)
}

/** Runs the command of that name; names that this window doesn't know mean nothing to it. */
export function runNamedCommand(app: App, name: string): void {
  if (Object.hasOwn(COMMANDS, name)) runCommand(app, name as CommandName)
}
