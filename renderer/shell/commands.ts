import type { MenuCommand } from '../../core/explorer/contract/commands.ts'
import type { DType } from '../../core/format/dtype.ts'
import { middleAxes } from '../model/array-shape.ts'
import { canDisplay, showDisplay } from '../model/displays.ts'
import { showPackage, showView, stepArray, stepSlice } from '../model/showing.ts'
import { canShade, type CellFormat, formatsOf } from '../grid/index.ts'
import { copyPicture, savePicture } from './save-picture.ts'
import { copyCellValue } from '../features/details/copy-value.ts'
import type { App } from '../model/app.ts'
import type { OpenDialog } from '../model/dialogs.ts'
import {
  activate,
  chooseToOpen,
  closeStore,
  copyStorePath,
  neighbour,
  openSample,
  showInFolder,
} from '../model/opening.ts'
import { setPreference, type ShadeBy, type Theme } from '../model/preferences.ts'
import { activeArray, activeStore, type Display } from '../model/session.ts'
import { backUp, backUpTo, unpackTo, verifyPackage } from '../features/packages/package-jobs.ts'
import { focusArrayFilter, focusRowField } from './focus.ts'

/** Every action of the window. The names in MENU_COMMANDS of the contract are those that a desktop menu offers. */
export type CommandName =
  | MenuCommand
  | 'openFolder'
  | 'openPackage'
  | 'showPackage'
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
  | 'toggleHistograms'
  | 'formatAuto'
  | 'formatFixed'
  | 'formatScientific'
  | 'formatHex'
  | 'shadeNothing'
  | 'shadeColumn'
  | 'shadeArray'
  | 'switchStatistics'
  | 'focusGrid'
  | 'copyCells'
  | 'copyValue'
  | 'displayGrid'
  | 'displayPlot'
  | 'displayImage'
  | 'displayColumns'
  | 'displayInfo'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomReset'
  | 'savePng'
  | 'saveSvg'
  | 'copyPicture'
  | 'switchTheme'

export type CommandGroup = 'Stores' | 'Packages' | 'Arrays' | 'Rows' | 'Cells' | 'Pictures' | 'Window'

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
const isPackage = (app: App): boolean => (activeStore(app.session.getState())?.info.package ?? null) !== null
const isFolder = (app: App): boolean => hasStore(app) && !isPackage(app)
const hasArray = (app: App): boolean => activeArray(app.session.getState()) !== undefined
const hasGrid = (app: App): boolean => app.grid.current !== null
const hasValue = (app: App): boolean => hasGrid(app) || activeArray(app.session.getState())?.shape.length === 0
const hasTabs = (app: App): boolean => app.session.getState().stores.length > 1
const hasSlices = (app: App): boolean => {
  const array = activeArray(app.session.getState())
  if (app.picture.current) return app.picture.current.step !== undefined
  return array !== undefined && middleAxes(array).length > 0
}
const hasPicture = (app: App): boolean => app.picture.current !== null

/** The next or previous slice in the grid, or picture in an array of pictures. */
function toSlice(app: App, step: 1 | -1): void {
  if (app.picture.current) app.picture.current.step?.(step)
  else void stepSlice(app, step)
}

/** What one press of a key enlarges by. */
const ZOOM = 1.5

const toggle = (app: App, kind: 'palette' | 'shortcuts' | 'warnings' | 'notices'): void =>
  app.dialogs.setState(({ open }) => ({ open: open?.kind === kind ? null : ({ kind } satisfies OpenDialog) }))

const NEXT_THEME: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' }

function switchTheme(app: App): void {
  setPreference(app, 'theme', NEXT_THEME[app.preferences.getState().theme])
}

function togglePreference(app: App, key: 'arraysHidden' | 'detailsHidden' | 'headerHistograms'): void {
  setPreference(app, key, !app.preferences.getState()[key])
}

function toTab(app: App, step: 1 | -1): void {
  const path = neighbour(app, step)
  if (path !== null) activate(app, path)
}

/** Does something with the store on screen. */
const withPath =
  (action: (app: App, path: string) => void) =>
  (app: App): void => {
    const path = activeStore(app.session.getState())?.info.path
    if (path !== undefined) action(app, path)
  }

const display = (shown: Display, title: string, keys: string): Command => ({
  title,
  group: 'Pictures',
  keys,
  enabled: app => canDisplay(app, shown),
  run: app => showDisplay(app, shown),
})

/** How the cells of a grid look, where it makes a difference to their dtype. */
const cells = (title: string, keys: string, differs: (dtype: DType) => boolean, run: (app: App) => void): Command => ({
  title,
  group: 'Cells',
  keys,
  enabled: app => {
    const dtype = hasGrid(app) ? (activeArray(app.session.getState())?.dtype ?? null) : null
    return dtype !== null && differs(dtype)
  },
  run,
})

const format = (value: CellFormat, title: string, keys: string): Command =>
  cells(
    title,
    keys,
    dtype => formatsOf(dtype).includes(value),
    app => setPreference(app, 'cellFormat', value),
  )

const shade = (value: ShadeBy, title: string, keys: string): Command =>
  cells(title, keys, canShade, app => setPreference(app, 'shadeBy', value))

const picture = (title: string, keys: string, run: (app: App) => void): Command => ({
  title,
  group: 'Pictures',
  keys,
  enabled: hasPicture,
  run,
})

export const COMMANDS: Record<CommandName, Command> = {
  openFolder: {
    title: 'Open folder…',
    group: 'Stores',
    keys: 'Mod+O',
    run: app => void chooseToOpen(app, 'pickFolder'),
  },
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
    run: withPath(showInFolder),
  },
  showWarnings: {
    title: 'Warnings and damage',
    group: 'Stores',
    keys: '!',
    enabled: hasStore,
    run: app => toggle(app, 'warnings'),
  },
  openPackage: {
    title: 'Open package…',
    group: 'Packages',
    keys: 'Alt+P',
    run: app => void chooseToOpen(app, 'pickPackages'),
  },
  backUp: {
    title: 'Back up the store',
    group: 'Packages',
    keys: 'Mod+B',
    enabled: isFolder,
    run: withPath((app, path) => void backUp(app, path)),
  },
  backUpTo: {
    title: 'Back up to…',
    group: 'Packages',
    keys: 'Alt+B',
    enabled: isFolder,
    run: withPath((app, path) => void backUpTo(app, path)),
  },
  showPackage: {
    title: 'What is in the package',
    group: 'Packages',
    keys: 'i',
    enabled: isPackage,
    run: withPath(showPackage),
  },
  verifyPackage: {
    title: 'Verify the package',
    group: 'Packages',
    keys: 'v',
    enabled: isPackage,
    run: withPath((app, path) => void verifyPackage(app, path)),
  },
  unpack: {
    title: 'Unpack…',
    group: 'Packages',
    keys: 'u',
    enabled: isPackage,
    run: withPath((app, path) => void unpackTo(app, path)),
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
    run: app => toSlice(app, 1),
  },
  previousSlice: {
    title: 'Previous slice',
    group: 'Arrays',
    keys: '[',
    enabled: hasSlices,
    run: app => toSlice(app, -1),
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
    group: 'Cells',
    keys: 'Mod+C',
    byGrid: true,
    enabled: hasGrid,
    run: app => void app.grid.current?.copy(),
  },
  copyValue: {
    title: 'Copy the value of the cell',
    group: 'Cells',
    keys: 'c',
    enabled: hasValue,
    run: app => void copyCellValue(app),
  },
  formatAuto: format('auto', 'Format: full precision', 'a'),
  formatFixed: format('fixed', 'Format: six decimals', 'f'),
  formatScientific: format('scientific', 'Format: scientific', 'e'),
  formatHex: format('hex', 'Format: bits in hexadecimal', 'x'),
  shadeNothing: shade('nothing', 'Shade: nothing', 'n'),
  shadeColumn: shade('column', 'Shade: each column by its own range', 'm'),
  shadeArray: shade('array', 'Shade: all cells by the array’s range', 'w'),
  switchStatistics: {
    title: 'Statistics of the array or of the column',
    group: 'Cells',
    keys: 'k',
    enabled: hasGrid,
    run: app =>
      setPreference(app, 'statisticsOf', app.preferences.getState().statisticsOf === 'array' ? 'column' : 'array'),
  },
  toggleHistograms: {
    title: 'Histograms above the columns',
    group: 'Cells',
    keys: 'd',
    enabled: hasGrid,
    run: app => togglePreference(app, 'headerHistograms'),
  },
  displayGrid: display('grid', 'Show as a grid', '1'),
  displayPlot: display('plot', 'Show as a plot', '2'),
  displayImage: display('image', 'Show as an image', '3'),
  displayColumns: display('columns', 'Show figures of the columns', '4'),
  displayInfo: display('info', 'Show what is known about the array', '5'),
  zoomIn: picture('Enlarge the picture', '+', app => app.picture.current?.zoom(ZOOM)),
  zoomOut: picture('Shrink the picture', '-', app => app.picture.current?.zoom(1 / ZOOM)),
  zoomReset: picture('Show the whole picture', '0', app => app.picture.current?.reset()),
  savePng: picture('Save the picture as PNG…', 'Mod+S', app => void savePicture(app, 'png')),
  saveSvg: picture('Save the picture as SVG…', 'Alt+S', app => void savePicture(app, 'svg')),
  copyPicture: picture('Copy the picture', 'p', app => void copyPicture(app)),
  toggleArrays: {
    title: 'Arrays panel',
    group: 'Window',
    keys: 'Alt+A',
    run: app => togglePreference(app, 'arraysHidden'),
  },
  toggleDetails: {
    title: 'Details panel',
    group: 'Window',
    keys: 'Mod+I',
    run: app => togglePreference(app, 'detailsHidden'),
  },
  showJobs: {
    title: 'Jobs',
    group: 'Window',
    keys: 'Mod+J',
    run: app => app.jobs.setState(({ panelOpen }) => ({ panelOpen: !panelOpen })),
  },
  switchTheme: { title: 'Switch between system, light and dark', group: 'Window', keys: 't', run: switchTheme },
  commandPalette: { title: 'Commands…', group: 'Window', keys: 'Mod+K', run: app => toggle(app, 'palette') },
  keyboardShortcuts: { title: 'Keyboard shortcuts', group: 'Window', keys: '?', run: app => toggle(app, 'shortcuts') },
  thirdPartyNotices: {
    title: 'Third-party notices',
    group: 'Window',
    keys: 'Alt+N',
    run: app => toggle(app, 'notices'),
  },
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
