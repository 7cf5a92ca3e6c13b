import { createStore } from 'zustand/vanilla'
import { ROW_SET_NAMES } from '../../core/explorer/contract/row-sets.ts'
import type { Result, RowSetName } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'

type StatisticsOf = 'array' | 'column'
export type ShadeBy = 'nothing' | 'column' | 'array'
export type CodeLanguage = 'Python' | 'TypeScript'

/** The stores that were open in a window when the program ended, in the order of their tabs. */
export type OpenStores = {
  stores: { path: string; showsPackage: boolean }[]
  activePath: string | null
}

export interface Preferences {
  /** Row set of a store that was not opened before. */
  rowSet: RowSetName
  arraysHidden: boolean
  detailsHidden: boolean
  headerHistograms: boolean
  shadeBy: ShadeBy
  statisticsOf: StatisticsOf
  codeLanguage: CodeLanguage
  arraysWidth: number | null
  detailsWidth: number | null
  /** Last folder of the folder browser; null for the home folder. */
  lastFolder: string | null
  openStores: OpenStores
  /** Whether a start has begun to open them and has not yet shown them: one of them may have ended the window. */
  isReopening: boolean
}

/** The preferences of a window that was not open before. */
export const NO_SESSION = {
  openStores: { stores: [], activePath: null },
  isReopening: false,
} satisfies Partial<Preferences>

const DEFAULTS: Preferences = {
  rowSet: 'active',
  arraysHidden: false,
  detailsHidden: false,
  headerHistograms: true,
  shadeBy: 'nothing',
  statisticsOf: 'array',
  codeLanguage: 'Python',
  arraysWidth: null,
  detailsWidth: null,
  lastFolder: null,
  ...NO_SESSION,
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isText = (value: unknown): boolean => typeof value === 'string'
const isTextOrNull = (value: unknown): boolean => value === null || isText(value)
const isOpenStores = (value: unknown): boolean => {
  const { stores, activePath } = (value ?? {}) as Partial<OpenStores>
  const isStore = (store: unknown): boolean => {
    const { path, showsPackage } = (store ?? {}) as Partial<OpenStores['stores'][number]>
    return isText(path) && isBoolean(showsPackage)
  }
  return Array.isArray(stores) && stores.every(isStore) && isTextOrNull(activePath)
}
const isWidth = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < 10_000
const oneOf =
  (values: readonly string[]) =>
  (value: unknown): boolean =>
    values.includes(value as string)

const IS_VALID: Record<keyof Preferences, (value: unknown) => boolean> = {
  rowSet: oneOf(ROW_SET_NAMES),
  arraysHidden: isBoolean,
  detailsHidden: isBoolean,
  headerHistograms: isBoolean,
  shadeBy: oneOf(['nothing', 'column', 'array'] satisfies ShadeBy[]),
  statisticsOf: oneOf(['array', 'column'] satisfies StatisticsOf[]),
  codeLanguage: oneOf(['Python', 'TypeScript'] satisfies CodeLanguage[]),
  arraysWidth: isWidth,
  detailsWidth: isWidth,
  lastFolder: isText,
  openStores: isOpenStores,
  isReopening: isBoolean,
}

/** What each window of the desktop app has for itself. */
const OF_WINDOW = Object.keys(NO_SESSION)

/** Returns the name under which the host keeps a preference of the window of this number. */
const keptName = (key: string, window: number): string =>
  window > 1 && OF_WINDOW.includes(key) ? `${key} ${window}` : key

/** Returns the valid ones of the kept preferences, as the window of this number has them. */
export function knownPreferences(values: Result<'getPreferences'>['values'], window: number): Partial<Preferences> {
  return Object.fromEntries(
    Object.entries(IS_VALID).flatMap(([key, isValid]) => {
      const value = values[keptName(key, window)]
      return isValid(value) ? [[key, value]] : []
    }),
  )
}

export const createPreferences = () => createStore<Preferences>()(() => DEFAULTS)

export function setPreference<K extends keyof Preferences>(app: App, key: K, value: Preferences[K]): void {
  if (app.preferences.getState()[key] === value) return
  app.preferences.setState({ [key]: value })
  const kept = { key: keptName(key, app.session.getState().window), value }
  app.bridge.request('setPreference', kept).catch((error: unknown) => reportFailure(app, error))
}

export function togglePreference(app: App, key: 'arraysHidden' | 'detailsHidden' | 'headerHistograms'): void {
  setPreference(app, key, !app.preferences.getState()[key])
}
