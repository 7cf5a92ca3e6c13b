export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

export interface RecentEntry {
  path: string
  name: string
  /** Milliseconds since 1970. */
  lastOpened: number
  sizeBytes: number
  arrayCount: number
  /** Last location of the user, as the window saved it; null if never saved. */
  place: Json
  backup: Json
  pinned: boolean
}

export interface Recents {
  /** Returns pinned stores first, then by last opening. */
  list(): RecentEntry[]
  /** Records that a store was opened; returns its saved place or null. */
  opened(store: { path: string; name: string; sizeBytes: number; arrayCount: number }): Json
  /** Saves the user's place in a store; ignored for a store that is not recent. */
  rememberPlace(path: string, place: Json): void
  rememberBackup(path: string, backup: Json): void
  backup(path: string): Json
  /** Throws `ARGUMENT` if the maximum number of stores is pinned. */
  pin(path: string, pinned: boolean): void
  remove(path: string): void
  /** Returns cached statistics; null if there are none or the files have changed. */
  cachedStatistics(key: CachedStatisticsKey): Json
  cacheStatistics(key: CachedStatisticsKey, statistics: Json): void
  preferences(): Record<string, Json>
  /** Throws `ARGUMENT` for a value that is too large, or one preference too many. */
  setPreference(key: string, value: Json): void
  removePreferences(keys: readonly string[]): void
  close(): void
}

export interface CachedStatisticsKey {
  path: string
  key: string
  /** State of the array's files. */
  fingerprint: string
}
