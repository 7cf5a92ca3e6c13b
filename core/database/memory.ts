import { LIMITS } from '../format/limits.ts'
import { checkRoom, encodePreference } from './preferences.ts'
import type { Json, KeptFigures, RecentEntry, Recents } from './recents.ts'

/** Recents that last as long as the process: for machines where nothing can be written or SQLite can't load. */
export class MemoryRecents implements Recents {
  readonly #entries: Map<string, RecentEntry>
  readonly #preferences: Map<string, Json>
  readonly #figures = new Map<string, { path: string; fingerprint: string; value: Json }>()

  constructor(entries: RecentEntry[] = [], preferences: Record<string, Json> = {}) {
    this.#entries = new Map(entries.map(entry => [entry.path, entry]))
    this.#preferences = new Map(Object.entries(preferences))
  }

  list(): RecentEntry[] {
    return [...this.#entries.values()].sort(
      (a, b) => Number(b.pinned) - Number(a.pinned) || b.lastOpened - a.lastOpened || (a.path < b.path ? -1 : 1),
    )
  }

  opened(store: { path: string; name: string; sizeBytes: number; arrayCount: number }): Json {
    const known = this.#entries.get(store.path)
    const { place = null, backup = null, pinned = false } = known ?? {}
    this.#entries.set(store.path, { ...store, lastOpened: Date.now(), place, backup, pinned })
    const unpinned = this.list().filter(entry => !entry.pinned)
    for (const entry of unpinned.slice(LIMITS.recents)) this.#entries.delete(entry.path)
    return place
  }

  rememberPlace(path: string, place: Json): void {
    const entry = this.#entries.get(path)
    if (entry) entry.place = place
  }

  rememberBackup(path: string, backup: Json): void {
    const entry = this.#entries.get(path)
    if (entry) entry.backup = backup
  }

  backup(path: string): Json {
    return this.#entries.get(path)?.backup ?? null
  }

  pin(path: string, pinned: boolean): void {
    const entry = this.#entries.get(path)
    if (!entry) return
    const others = this.list().filter(other => other.pinned && other !== entry)
    if (pinned) checkRoom('pinned stores', others.length, LIMITS.pinned)
    entry.pinned = pinned
  }

  remove(path: string): void {
    this.#entries.delete(path)
    for (const [name, kept] of this.#figures) if (kept.path === path) this.#figures.delete(name)
  }

  figures({ path, key, fingerprint }: KeptFigures): Json {
    const kept = this.#figures.get(JSON.stringify([path, key]))
    return kept?.fingerprint === fingerprint ? kept.value : null
  }

  keepFigures({ path, key, fingerprint }: KeptFigures, value: Json): void {
    const name = JSON.stringify([path, key])
    this.#figures.delete(name)
    this.#figures.set(name, { path, fingerprint, value })
    for (const oldest of this.#figures.keys()) {
      if (this.#figures.size <= LIMITS.keptStatistics) break
      this.#figures.delete(oldest)
    }
  }

  preferences(): Record<string, Json> {
    return Object.fromEntries(this.#preferences)
  }

  setPreference(key: string, value: Json): void {
    encodePreference(key, value)
    if (!this.#preferences.has(key)) checkRoom('preferences', this.#preferences.size, LIMITS.preferences)
    this.#preferences.set(key, value)
  }

  close(): void {}
}
