import { LIMITS } from '../format/limits.ts'
import { checkRoom, encodePreference } from './preferences.ts'
import type { Json, CachedStatisticsKey, RecentEntry, Recents } from './recents.ts'

export class MemoryRecents implements Recents {
  readonly #entries: Map<string, RecentEntry>
  readonly #preferences: Map<string, Json>
  readonly #statistics = new Map<string, { path: string; fingerprint: string; value: Json; bytes: number }>()

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
    for (const [name, kept] of this.#statistics) if (kept.path === path) this.#statistics.delete(name)
  }

  cachedStatistics({ path, key, fingerprint }: CachedStatisticsKey): Json {
    const kept = this.#statistics.get(JSON.stringify([path, key]))
    return kept?.fingerprint === fingerprint ? kept.value : null
  }

  cacheStatistics({ path, key, fingerprint }: CachedStatisticsKey, value: Json): void {
    const name = JSON.stringify([path, key])
    this.#statistics.delete(name)
    this.#statistics.set(name, { path, fingerprint, value, bytes: Buffer.byteLength(JSON.stringify(value)) })
    let count = 0
    let bytes = 0
    for (const [each, cached] of [...this.#statistics].toReversed()) {
      count++
      bytes += cached.bytes
      if (count > LIMITS.keptStatistics || bytes > LIMITS.keptStatisticsBytes) this.#statistics.delete(each)
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

  removePreferences(keys: readonly string[]): void {
    for (const key of keys) this.#preferences.delete(key)
  }

  close(): void {}
}
