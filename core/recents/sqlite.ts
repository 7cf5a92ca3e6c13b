import type { Database, Statement } from 'better-sqlite3'
import { type Json, type KeptFigures, MAX_FIGURES, MAX_UNPINNED, type RecentEntry, type Recents } from './recents.ts'

interface Row {
  path: string
  name: string
  last_opened: number
  size_bytes: number
  array_count: number
  place: string | null
  backup: string | null
  pinned: number
}

const parse = (text: string | null): Json => (text === null ? null : (JSON.parse(text) as Json))

/** Recents in a migrated SQLite file. Every method throws SqliteError when the file fails. */
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
    | 'figures'
    | 'keepFigures'
    | 'trimFigures'
    | 'removeFigures'
    | 'preferences'
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
      figures: db
        .prepare('SELECT value FROM figures WHERE path = @path AND key = @key AND fingerprint = @fingerprint')
        .pluck(),
      keepFigures: db.prepare(
        `INSERT INTO figures (path, key, fingerprint, kept, value) VALUES (@path, @key, @fingerprint, @kept, @value)
         ON CONFLICT (path, key) DO UPDATE SET fingerprint = @fingerprint, kept = @kept, value = @value`,
      ),
      trimFigures: db.prepare(
        'DELETE FROM figures WHERE rowid IN (SELECT rowid FROM figures ORDER BY kept DESC LIMIT -1 OFFSET ?)',
      ),
      removeFigures: db.prepare('DELETE FROM figures WHERE path = ?'),
      preferences: db.prepare('SELECT key, value FROM preferences'),
      prefer: db.prepare(
        'INSERT INTO preferences (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      ),
    }
  }

  list(): RecentEntry[] {
    return (this.#statements.list.all() as Row[]).map(row => ({
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
        this.#statements.opened.run({ ...store, lastOpened: Date.now() })
        this.#statements.trim.run(MAX_UNPINNED)
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
    this.#statements.pin.run(pinned ? 1 : 0, path)
  }

  remove(path: string): void {
    this.#db
      .transaction(() => {
        this.#statements.remove.run(path)
        this.#statements.removeFigures.run(path)
      })
      .immediate()
  }

  figures(kept: KeptFigures): Json {
    return parse((this.#statements.figures.get(kept) as string | undefined) ?? null)
  }

  keepFigures(kept: KeptFigures, figures: Json): void {
    this.#db
      .transaction(() => {
        this.#statements.keepFigures.run({ ...kept, kept: Date.now(), value: JSON.stringify(figures) })
        this.#statements.trimFigures.run(MAX_FIGURES)
      })
      .immediate()
  }

  preferences(): Record<string, Json> {
    const rows = this.#statements.preferences.all() as { key: string; value: string }[]
    return Object.fromEntries(rows.map(({ key, value }) => [key, parse(value)]))
  }

  setPreference(key: string, value: Json): void {
    this.#statements.prefer.run(key, JSON.stringify(value))
  }

  close(): void {
    this.#db.close()
  }
}
