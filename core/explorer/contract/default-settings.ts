import type { SettingName, Settings } from './types.ts'

/** What holds until the user chooses otherwise. Without zod, which the window doesn't load. */
export const DEFAULT_SETTINGS: Settings = {
  theme: 'system',
  cellFormat: 'auto',
  rowDensity: 'normal',
  backupFolder: null,
  restoresStores: true,
  workerThreads: null,
  cacheBytes: null,
  decimalComma: false,
}

export const SETTING_NAMES = Object.keys(DEFAULT_SETTINGS) as [SettingName, ...SettingName[]]
