import { createStore } from 'zustand/vanilla'
import type { Result, View } from '../../core/explorer/contract/types.ts'
import type { CellFormat } from '../grid/index.ts'
import type { App } from './app.ts'
import { reportFailure } from './failures.ts'

export type Theme = 'system' | 'light' | 'dark'
type StatisticsOf = 'array' | 'column'
export type ShadeBy = 'nothing' | 'column' | 'array'
export type CodeLanguage = 'Python' | 'TypeScript'

/** The choices that a window remembers, by the key they are stored under. */
export interface Preferences {
  theme: Theme
  /** The view that a store starts with when it wasn't opened before. */
  view: View
  arraysHidden: boolean
  detailsHidden: boolean
  /** Small histograms above the columns of a grid. */
  headerHistograms: boolean
  /** How cells show numbers. */
  cellFormat: CellFormat
  /** Whose range the shades of cells show. */
  shadeBy: ShadeBy
  /** What the statistics in the details panel are of. */
  statisticsOf: StatisticsOf
  /** What a program that reads the array is shown in. */
  codeLanguage: CodeLanguage
  /** Widths of the side panels, in CSS pixels; null for the one that suits the window. */
  arraysWidth: number | null
  detailsWidth: number | null
  /** Where the folder browser was last; null for the home folder. */
  lastFolder: string | null
  /** Where the last backup went that didn't go beside its store; null for beside the store. */
  backupFolder: string | null
}

const DEFAULTS: Preferences = {
  theme: 'system',
  view: 'active',
  arraysHidden: false,
  detailsHidden: false,
  headerHistograms: true,
  cellFormat: 'auto',
  shadeBy: 'nothing',
  statisticsOf: 'array',
  codeLanguage: 'Python',
  arraysWidth: null,
  detailsWidth: null,
  lastFolder: null,
  backupFolder: null,
}

const isBoolean = (value: unknown): boolean => typeof value === 'boolean'
const isText = (value: unknown): boolean => typeof value === 'string'
const isWidth = (value: unknown): boolean => typeof value === 'number' && value > 0 && value < 10_000
const oneOf =
  (values: readonly string[]) =>
  (value: unknown): boolean =>
    values.includes(value as string)

const IS_VALID: Record<keyof Preferences, (value: unknown) => boolean> = {
  theme: oneOf(['system', 'light', 'dark'] satisfies Theme[]),
  view: oneOf(['active', 'all', 'deleted'] satisfies View[]),
  arraysHidden: isBoolean,
  detailsHidden: isBoolean,
  headerHistograms: isBoolean,
  cellFormat: oneOf(['auto', 'fixed', 'scientific', 'hex'] satisfies CellFormat[]),
  shadeBy: oneOf(['nothing', 'column', 'array'] satisfies ShadeBy[]),
  statisticsOf: oneOf(['array', 'column'] satisfies StatisticsOf[]),
  codeLanguage: oneOf(['Python', 'TypeScript'] satisfies CodeLanguage[]),
  arraysWidth: isWidth,
  detailsWidth: isWidth,
  lastFolder: isText,
  backupFolder: value => value === null || isText(value),
}

/** The remembered choices among what the host has stored; whatever this version doesn't understand is left out. */
export function knownPreferences(values: Result<'getPreferences'>['values']): Partial<Preferences> {
  return Object.fromEntries(
    Object.entries(IS_VALID).flatMap(([key, isValid]) => (isValid(values[key]) ? [[key, values[key]]] : [])),
  )
}

export const createPreferences = () => createStore<Preferences>()(() => DEFAULTS)

/** Changes a choice and has the host remember it. */
export function setPreference<K extends keyof Preferences>(app: App, key: K, value: Preferences[K]): void {
  if (app.preferences.getState()[key] === value) return
  app.preferences.setState({ [key]: value })
  app.bridge.request('setPreference', { key, value }).catch((error: unknown) => reportFailure(app, error))
}

export function togglePreference(app: App, key: 'arraysHidden' | 'detailsHidden' | 'headerHistograms'): void {
  setPreference(app, key, !app.preferences.getState()[key])
}
