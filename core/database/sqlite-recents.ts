import type { Database, Statement } from 'better-sqlite3'
import { LIMITS } from '../format/limits.ts'
import { checkRoom, decodePreference, encodePreference } from './preferences.ts'
import type { Json, CachedStatisticsKey, RecentEntry, Recents } from './recents.ts'

interface RecentsRow {
  path: string
  name: string
  last_opened: number
  size_bytes: number
  array_count: number
  place: string | null
  backup: string | null
  pinned: number
}

/** SQL condition: the preference is within today's limits. */
const IS_SMALL = `(length(CAST(value AS BLOB)) <= ${LIMITS.preferenceBytes} AND length(CAST(key AS BLOB)) <= ${LIMITS.textBytes})`

/** Parses JSON; null if invalid, because another program may have written it and the rest of the file is fine. */
function parse(text: string | null): Json {
  try {
    return text === null ? null : (JSON.parse(text) as Json)
  } catch {
    return null
  }
}

export class SqliteRecents implements Recents {
  readonly #db: Database
  readonly #statements: Record<
    | 'list'
    | 'place'
    | 'opened'
    | 'trim'
    | 'remember'
    | 'rememberBackup'
    | 'backup'
    | 'pin'
    | 'remove'
    | 'cachedStatistics'
    | 'cacheStatistics'
    | 'trimStatistics'
    | 'removeStatistics'
    | 'preferences'
    | 'otherPreferences'
    | 'otherPinned'
    | 'trimPreferences'
    | 'dropPreference'
    | 'prefer',
    Statement
  >

  constructor(db: Database) {
    this.#db = db
    this.#statements = {
      list: db.prepare('SELECT * FROM recents ORDER BY pinned DESC, last_opened DESC, path'),
      place: db.prepare('SELECT place FROM recents WHERE path = ?').pluck(),
      opened: db.prepare(
        `INSERT INTO recents (path, name, last_opened, size_bytes, array_count)
         VALUES (@path, @name, @lastOpened, @sizeBytes, @arrayCount)
         ON CONFLICT (path) DO UPDATE SET name = @name, last_opened = @lastOpened, size_bytes = @sizeBytes,
           array_count = @arrayCount`,
      ),
      trim: db.prepare(
        `DELETE FROM recents WHERE path IN
           (SELECT path FROM recents WHERE pinned = 0 ORDER BY last_opened DESC, path LIMIT -1 OFFSET ?)`,
      ),
      remember: db.prepare('UPDATE recents SET place = ? WHERE path = ?'),
      rememberBackup: db.prepare('UPDATE recents SET backup = ? WHERE path = ?'),
      backup: db.prepare('SELECT backup FROM recents WHERE path = ?').pluck(),
      pin: db.prepare('UPDATE recents SET pinned = ? WHERE path = ?'),
      remove: db.prepare('DELETE FROM recents WHERE path = ?'),
      cachedStatistics: db
        .prepare('SELECT value FROM figures WHERE path = @path AND key = @key AND fingerprint = @fingerprint')
        .pluck(),
      cacheStatistics: db.prepare(
        `INSERT INTO figures (path, key, fingerprint, kept, value) VALUES (@path, @key, @fingerprint, @kept, @value)
         ON CONFLICT (path, key) DO UPDATE SET fingerprint = @fingerprint, kept = @kept, value = @value`,
      ),
      trimStatistics: db.prepare(
        `DELETE FROM figures WHERE rowid IN (SELECT rowid FROM
           (SELECT rowid, row_number() OVER newest AS number, sum(octet_length(value)) OVER newest AS bytes FROM figures
            WINDOW newest AS (ORDER BY kept DESC, rowid DESC ROWS UNBOUNDED PRECEDING))
         WHERE number > ? OR bytes > ?)`,
      ),
      removeStatistics: db.prepare('DELETE FROM figures WHERE path = ?'),
      // Compares bytes, because length(text) stops at the first NUL.
      preferences: db.prepare(`SELECT key, value FROM preferences WHERE ${IS_SMALL} ORDER BY rowid LIMIT ?`),
      otherPreferences: db.prepare('SELECT count(*) FROM preferences WHERE key <> ?').pluck(),
      otherPinned: db.prepare('SELECT count(*) FROM recents WHERE pinned <> 0 AND path <> ?').pluck(),
      trimPreferences: db.prepare(
        `DELETE FROM preferences WHERE NOT ${IS_SMALL} OR rowid NOT IN
           (SELECT rowid FROM preferences WHERE ${IS_SMALL} ORDER BY rowid LIMIT ?)`,
      ),
      dropPreference: db.prepare('DELETE FROM preferences WHERE key = ?'),
      prefer: db.prepare(
        'INSERT INTO preferences (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      ),
    }
  }

  list(): RecentEntry[] {
    return (this.#statements.list.all() as RecentsRow[]).map(row => ({
      path: row.path,
      name: row.name,
      lastOpened: row.last_opened,
      sizeBytes: row.size_bytes,
      arrayCount: row.array_count,
      place: parse(row.place),
      backup: parse(row.backup),
      pinned: row.pinned !== 0,
    }))
  }

  opened(store: { path: string; name: string; sizeBytes: number; arrayCount: number }): Json {
    return this.#db
      .transaction(() => {
        const place = this.#statements.place.get(store.path) as string | null | undefined
        // Sparse files can have more bytes than a SQLite integer.
        const sizeBytes = Math.min(store.sizeBytes, Number.MAX_SAFE_INTEGER)
        this.#statements.opened.run({ ...store, sizeBytes, lastOpened: Date.now() })
        this.#statements.trim.run(LIMITS.recents)
        return parse(place ?? null)
      })
      .immediate()
  }

  rememberPlace(path: string, place: Json): void {
    this.#statements.remember.run(JSON.stringify(place), path)
  }

  rememberBackup(path: string, backup: Json): void {
    this.#statements.rememberBackup.run(JSON.stringify(backup), path)
  }

  backup(path: string): Json {
    return parse((this.#statements.backup.get(path) as string | null | undefined) ?? null)
  }

  pin(path: string, pinned: boolean): void {
    if (pinned) checkRoom('pinned stores', this.#statements.otherPinned.get(path) as number, LIMITS.pinned)
    this.#statements.pin.run(pinned ? 1 : 0, path)
  }

  remove(path: string): void {
    this.#db
      .transaction(() => {
        this.#statements.remove.run(path)
        this.#statements.removeStatistics.run(path)
      })
      .immediate()
  }

  cachedStatistics(kept: CachedStatisticsKey): Json {
    return parse((this.#statements.cachedStatistics.get(kept) as string | undefined) ?? null)
  }

  cacheStatistics(kept: CachedStatisticsKey, statistics: Json): void {
    this.#db
      .transaction(() => {
        this.#statements.cacheStatistics.run({ ...kept, kept: Date.now(), value: JSON.stringify(statistics) })
        this.#statements.trimStatistics.run(LIMITS.keptStatistics, LIMITS.keptStatisticsBytes)
      })
      .immediate()
  }

  preferences(): Record<string, Json> {
    return Object.fromEntries(
      this.#keptPreferences().flatMap(({ key, value }) => {
        const preference = decodePreference(value)
        return preference === undefined ? [] : [[key, preference]]
      }),
    )
  }

  setPreference(key: string, value: Json): void {
    const text = encodePreference(key, value)
    checkRoom('preferences', this.#statements.otherPreferences.get(key) as number, LIMITS.preferences)
    this.#statements.prefer.run(key, text)
  }

  removePreferences(keys: readonly string[]): void {
    this.#db
      .transaction(() => {
        for (const key of keys) this.#statements.dropPreference.run(key)
      })
      .immediate()
  }

  trimPreferences(): number {
    const dropped = this.#db
      .transaction(() => {
        const { changes } = this.#statements.trimPreferences.run(LIMITS.preferences)
        const unread = this.#keptPreferences().filter(({ value }) => decodePreference(value) === undefined)
        for (const { key } of unread) this.#statements.dropPreference.run(key)
        return changes + unread.length
      })
      .immediate()
    // They may have been most of the file.
    if (dropped > 0) this.#db.exec('VACUUM')
    return dropped
  }

  #keptPreferences(): { key: string; value: string }[] {
    return this.#statements.preferences.all(LIMITS.preferences) as { key: string; value: string }[]
  }

  close(): void {
    this.#db.close()
  }
}
