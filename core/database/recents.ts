/** A JSON value. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** One recent store as it is kept. */
export interface RecentEntry {
  /** Absolute path of the folder. */
  path: string
  name: string
  /** Milliseconds since 1970. */
  lastOpened: number
  sizeBytes: number
  arrayCount: number
  /** Where the user was, as the window gave it; null when never noted. */
  place: Json
  /** Its last backup, as it was noted; null when it never was. */
  backup: Json
  pinned: boolean
}

/** The stores that were opened lately, and the window's remembered choices. */
export interface Recents {
  /** Pinned ones first, then the last opened first. */
  list(): RecentEntry[]
  /** Notes that a store was opened; gives back the place noted for it, or null. */
  opened(store: { path: string; name: string; sizeBytes: number; arrayCount: number }): Json
  /** Notes where the user is in a store. Does nothing for a store that isn't among the recent ones. */
  rememberPlace(path: string, place: Json): void
  /** Notes that a store was backed up. Does nothing for a store that isn't among the recent ones. */
  rememberBackup(path: string, backup: Json): void
  /** The backup noted for a store; null when there is none. */
  backup(path: string): Json
  /** Throws `ARGUMENT` where as many are pinned as can be. */
  pin(path: string, pinned: boolean): void
  remove(path: string): void
  /** Figures that were kept under these names; null when there are none, or of another state of the files. */
  figures(kept: KeptFigures): Json
  /** Keeps figures in place of those kept under the same path and key. */
  keepFigures(kept: KeptFigures, figures: Json): void
  preferences(): Record<string, Json>
  /** Throws `ARGUMENT` for a value that is too large, and for one more than are kept. */
  setPreference(key: string, value: Json): void
  /** Closes the file. Idempotent. */
  close(): void
}

/** What kept figures are of. */
export interface KeptFigures {
  /** Absolute path of the store's folder. */
  path: string
  /** The array and which figures. */
  key: string
  /** The state of the array's files. */
  fingerprint: string
}
