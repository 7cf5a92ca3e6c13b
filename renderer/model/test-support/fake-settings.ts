import { DEFAULT_SETTINGS } from '../../../core/explorer/contract/default-settings.ts'
import type { Answer, Params, Settings } from '../../../core/explorer/contract/types.ts'

/** Answers of a host that keeps settings in memory. */
export function fakeSettings(change: Partial<Settings> = {}, file: string | null = '/data/settings.json') {
  let settings: Settings = { ...DEFAULT_SETTINGS, ...change }
  return {
    getSettings: (): Answer<'getSettings'> => ({ result: { settings, file } }),
    setSetting: ({ key, value }: Params<'setSetting'>): Answer<'setSetting'> => {
      settings = { ...settings, [key]: value }
      return { result: { settings } }
    },
  }
}
