import { createStore } from 'zustand/vanilla'
import { DEFAULT_SETTINGS } from '../../core/explorer/contract/default-settings.ts'
import type { SettingName, Settings } from '../../core/explorer/contract/types.ts'
import type { App } from './app.ts'
import { reportFailure } from './error-message.ts'

export interface SettingsState {
  values: Settings
  /** Where the host keeps them; null if it does not, or has not answered yet. */
  file: string | null
  /** Number of changes of this window that the host has not answered. */
  unanswered: number
}

export const createSettings = () =>
  createStore<SettingsState>()(() => ({ values: DEFAULT_SETTINGS, file: null, unanswered: 0 }))

export async function loadSettings(app: App): Promise<void> {
  const { result } = await app.bridge.request('getSettings', {})
  app.settings.setState({ values: result.settings, file: result.file })
}

/** Changes a setting at once, and has the host keep it. */
export function setSetting<K extends SettingName>(app: App, key: K, value: Settings[K]): void {
  if (app.settings.getState().values[key] === value) return
  void changeSetting(app, key, value)
}

async function changeSetting<K extends SettingName>(app: App, key: K, value: Settings[K]): Promise<void> {
  const before = app.settings.getState().values
  app.settings.setState(({ values, unanswered }) => ({
    values: { ...values, [key]: value },
    unanswered: unanswered + 1,
  }))
  try {
    const { result } = await app.bridge.request('setSetting', { key, value })
    answered(app, result.settings)
  } catch (error) {
    answered(app, { ...app.settings.getState().values, [key]: before[key] })
    reportFailure(app, error)
  }
}

/** Takes the host's settings, unless a later change is on its way to it. */
function answered(app: App, settings: Settings): void {
  app.settings.setState(({ values, unanswered }) => ({
    values: unanswered === 1 ? settings : values,
    unanswered: unanswered - 1,
  }))
}

/** Takes settings that the host sends to all windows. The answer to a change of this window has them, too. */
export function settingsChanged(app: App, settings: Settings): void {
  if (app.settings.getState().unanswered === 0) app.settings.setState({ values: settings })
}

/** Returns the text of a number as it is copied. */
export const copiedNumber = (app: App, text: string): string =>
  app.settings.getState().values.decimalComma ? text.replaceAll('.', ',') : text
