import { z } from 'zod'
import { LIMITS } from '../../format/limits.ts'
import { Json, Path } from './basics.ts'
import { SETTING_NAMES } from './default-settings.ts'

/** What the user chooses in the dialog Settings; kept in `settings.json`. */
export const Settings = z.object({
  theme: z.enum(['system', 'light', 'dark']),
  cellFormat: z.enum(['auto', 'fixed', 'scientific', 'hex']),
  rowDensity: z.enum(['compact', 'normal', 'comfortable']),
  /** Folder of new backups; null for the folder of the store. */
  backupFolder: Path.nullable(),
  /** Whether a start of the program opens the stores that were open when it ended. */
  restoresStores: z.boolean(),
  /** Threads of one statistics task, and of the compression of one backup; null for as many as the machine suggests. */
  workerThreads: z.int().min(1).max(LIMITS.workerThreads).nullable(),
  /** Most bytes that one open package has decompressed; null for `LIMITS.spoolBytes`. */
  cacheBytes: z.int().min(LIMITS.leastCacheBytes).max(LIMITS.cacheBytes).nullable(),
  /** Whether copied numbers have a decimal comma. */
  decimalComma: z.boolean(),
})

/** Whether a setting can have this value. */
export const isSetting = (key: keyof z.infer<typeof Settings>, value: unknown): boolean =>
  Settings.shape[key].safeParse(value).success

export const SettingChange = z
  .object({ key: z.enum(SETTING_NAMES), value: Json })
  .refine(({ key, value }) => isSetting(key, value), { path: ['value'], message: 'is no value of this setting' })
