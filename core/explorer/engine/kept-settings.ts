import { messageOf } from '../../format/errors.ts'
import { join } from 'node:path'
import type { Recents } from '../../database/recents.ts'
import { excerpt } from '../../format/short-text.ts'
import { DEFAULT_SETTINGS, SETTING_NAMES } from '../contract/default-settings.ts'
import { isSetting } from '../contract/settings.ts'
import type { SettingName, Settings } from '../contract/types.ts'
import { readSettingsFile, SETTINGS_FILE, type SettingsObject, writeSettingsFile } from './settings-file.ts'

interface KeptSettingsOptions {
  /** Folder of `settings.json`; null when the user has none: then the database says that nothing is kept. */
  folder: string | null
  /** Receives one sentence for each problem, also later. */
  onNotice: (message: string) => void
}

/** Settings that earlier versions kept in the database. */
const FORMER_PREFERENCES = ['theme', 'cellFormat', 'backupFolder', 'restoresStores'] as const satisfies SettingName[]

/** The settings of the user, in a file that other programs change too. Never throws: keeps in memory what it can't write. */
export class KeptSettings {
  readonly path: string | null
  readonly #onNotice: (message: string) => void
  /** Content of the file when it was last read or written. */
  #saved: SettingsObject = {}
  #unsaved: SettingsObject = {}
  #values: Settings = DEFAULT_SETTINGS
  readonly #emitted = new Set<string>()

  constructor({ folder, onNotice }: KeptSettingsOptions) {
    this.path = folder === null ? null : join(folder, SETTINGS_FILE)
    this.#onNotice = onNotice
    this.#using(path => this.#read(path))
    this.#update()
  }

  get values(): Settings {
    return this.#values
  }

  /** Changes one setting. Reads the file again before, so that the last writer of each key wins. */
  set(key: SettingName, value: unknown): Settings {
    this.#change({ [key]: value })
    return this.#values
  }

  /** Moves what an earlier version kept in the database into the file, except what the file has already. */
  takeOver(recents: Pick<Recents, 'preferences' | 'removePreferences'>): void {
    const preferences = recents.preferences()
    const former = FORMER_PREFERENCES.filter(key => Object.hasOwn(preferences, key))
    if (former.length === 0) return
    const missing = former.filter(key => isSetting(key, preferences[key]) && !Object.hasOwn(this.#saved, key))
    const isSaved = missing.length === 0 || this.#change(pick(preferences, missing))
    if (isSaved) recents.removePreferences(former)
  }

  #change(change: SettingsObject): boolean {
    this.#unsaved = { ...this.#unsaved, ...change }
    const isSaved = this.#using(path => this.#write(path))
    this.#update()
    return isSaved
  }

  #read(path: string): void {
    const { content, renamed } = readSettingsFile(path)
    if (content !== null) this.#saved = content
    if (renamed !== null)
      this.#emit(
        `${path} held no settings and is replaced; it is kept as ${renamed}. Settings that it had can be chosen again.`,
      )
  }

  #write(path: string): void {
    this.#read(path)
    const settings = { ...this.#saved, ...this.#unsaved }
    writeSettingsFile(path, settings)
    this.#saved = settings
    this.#unsaved = {}
  }

  /** Returns false if the file can't be used. */
  #using(action: (path: string) => void): boolean {
    if (this.path === null) return false
    try {
      action(this.path)
      return true
    } catch (error) {
      const reason = messageOf(error)
      this.#emit(`Settings are kept only until the program ends: ${reason}`)
      return false
    }
  }

  #update(): void {
    const all: SettingsObject = { ...this.#saved, ...this.#unsaved }
    const given = SETTING_NAMES.filter(key => Object.hasOwn(all, key))
    const valid = given.filter(key => isSetting(key, all[key]))
    this.#values = { ...DEFAULT_SETTINGS, ...pick(all, valid) }
    for (const key of given) if (!valid.includes(key)) this.#emit(this.#invalid(key, all[key]))
  }

  #invalid(key: SettingName, value: unknown): string {
    return `${this.path}: ${key} can't be ${excerpt(JSON.stringify(value))}, so the default counts, ${JSON.stringify(DEFAULT_SETTINGS[key])}.`
  }

  #emit(message: string): void {
    if (this.#emitted.has(message)) return
    this.#emitted.add(message)
    this.#onNotice(message)
  }
}

const pick = (from: SettingsObject, keys: readonly string[]): SettingsObject =>
  Object.fromEntries(keys.map(key => [key, from[key]]))
