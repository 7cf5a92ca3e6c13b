import type { Database } from 'better-sqlite3'

/** Step n migrates a file from `user_version` n to n + 1. A released step never changes. */
const STEPS = [
  `CREATE TABLE recents (
     path        TEXT PRIMARY KEY,
     name        TEXT NOT NULL,
     last_opened INTEGER NOT NULL,
     size_bytes  INTEGER NOT NULL,
     array_count INTEGER NOT NULL,
     place       TEXT,
     pinned      INTEGER NOT NULL DEFAULT 0
   ) STRICT;
   CREATE TABLE preferences (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;`,
  `CREATE TABLE figures (
     path        TEXT NOT NULL,
     key         TEXT NOT NULL,
     fingerprint TEXT NOT NULL,
     kept        INTEGER NOT NULL,
     value       TEXT NOT NULL,
     PRIMARY KEY (path, key)
   ) STRICT;`,
  'ALTER TABLE recents ADD COLUMN backup TEXT',
  `UPDATE recents SET place = json_set(json_remove(place, '$.view'), '$.rowSet', json_extract(place, '$.view'))
     WHERE CASE WHEN json_valid(place) THEN json_type(place, '$.view') END IS NOT NULL;
   UPDATE OR IGNORE preferences SET key = 'rowSet' WHERE key = 'view'`,
]

export const SCHEMA_VERSION = STEPS.length

export const schemaVersion = (db: Database): number => Number(db.pragma('user_version', { simple: true }))

/** Migrates a file to SCHEMA_VERSION in one transaction; safe for two processes at once. */
export function migrate(db: Database): void {
  db.transaction(() => {
    for (let version = schemaVersion(db); version < SCHEMA_VERSION; version++) {
      db.exec(STEPS[version] ?? '')
      db.pragma(`user_version = ${version + 1}`)
    }
  }).immediate()
}
