import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { NumPackError } from '../format/errors.ts'
import { MemoryRecents } from './memory-recents.ts'
import { renameDamaged } from '../system/rename-damaged.ts'
import { migrate, SCHEMA_VERSION, schemaVersion } from './migrations.ts'
import { makePrivateDatabase } from './private-files.ts'
import type { Json, CachedStatisticsKey, RecentEntry, Recents } from './recents.ts'
import { SqliteRecents } from './sqlite-recents.ts'

export const RECENTS_FILE = 'recents.sqlite'

/** How long a write waits for another window's write. */
const BUSY_TIMEOUT_MS = 3000

const ONLY_IN_MEMORY = 'Recent stores and the layout of the window are kept only until the program ends'

type OpenSqlite = (file: string, options: { timeout: number }) => Database

export interface RecentsOptions {
  /** Folder of the database; created if missing. null when the user has none. */
  folder: string | null
  /** Receives one sentence for each problem, also later. */
  onNotice: (message: string) => void
  /** Loads SQLite; rejects when its native module is missing. */
  loadSqlite?: () => Promise<OpenSqlite>
}

/** Node-API version of better-sqlite3 13. Loading it into an older Node (20, for example) ends the process silently. */
const NODE_API = 10

async function loadBetterSqlite(): Promise<OpenSqlite> {
  const { napi = '0' } = process.versions
  if (Number(napi) < NODE_API) throw new Error(`it needs Node-API ${NODE_API}, this program has ${napi}`)
  const { default: BetterSqlite } = await import('better-sqlite3')
  new BetterSqlite(':memory:').close()
  return (file, options) => new BetterSqlite(file, options)
}

const reason = (error: unknown): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? ''

const isCorrupt = (error: unknown): boolean =>
  codeOf(error).startsWith('SQLITE_CORRUPT') || codeOf(error) === 'SQLITE_NOTADB'

/** Whether the error concerns a single value; the file itself is fine. */
const isOfOneValue = (error: unknown): boolean =>
  /^SQLITE_(CONSTRAINT(?!_TRIGGER)|MISMATCH|TOOBIG|RANGE)/.test(codeOf(error)) ||
  error instanceof SyntaxError ||
  error instanceof RangeError ||
  error instanceof TypeError

class NewerSchema extends Error {}

/** Renames a database with SQLite's files beside it. */
function renameDatabase(file: string): string {
  const target = renameDamaged(file, 'corrupt')
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix)
  return target
}

function openHealthy(open: OpenSqlite, file: string): SqliteRecents {
  const db = open(file, { timeout: BUSY_TIMEOUT_MS })
  try {
    if (schemaVersion(db) > SCHEMA_VERSION) throw new NewerSchema()
    const check = db.pragma('quick_check(1)', { simple: true })
    if (check !== 'ok') throw Object.assign(new Error(String(check)), { code: 'SQLITE_CORRUPT' })
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    migrate(db)
    return new SqliteRecents(db)
  } catch (error) {
    db.close()
    throw error
  }
}

/** Never throws or fails later: renames a file that is no database; keeps recents in memory when it cannot save. */
export async function openRecents(options: RecentsOptions): Promise<Recents> {
  if (options.folder === null) {
    options.onNotice(
      'Recent stores, the layout of the window and settings are kept only until the program ends: this user has no home folder. Set HOME to an absolute path.',
    )
    return new MemoryRecents()
  }
  let open: OpenSqlite
  try {
    open = await (options.loadSqlite ?? loadBetterSqlite)()
  } catch (error) {
    options.onNotice(`${ONLY_IN_MEMORY}: SQLite can't load (${reason(error)}).`)
    return new MemoryRecents()
  }
  return new ResilientRecents(open, options.folder, options.onNotice)
}

class ResilientRecents implements Recents {
  readonly #open: OpenSqlite
  readonly #folder: string
  readonly #onNotice: (message: string) => void
  #inner: Recents

  constructor(open: OpenSqlite, folder: string, onNotice: (message: string) => void) {
    this.#open = open
    this.#folder = folder
    this.#onNotice = onNotice
    this.#inner = this.#openFile()
  }

  #openFile(): Recents {
    const file = join(this.#folder, RECENTS_FILE)
    try {
      makePrivateDatabase(this.#folder, RECENTS_FILE)
      try {
        return this.#trimmed(openHealthy(this.#open, file))
      } catch (error) {
        if (!isCorrupt(error)) throw error
        const kept = renameDatabase(file)
        this.#onNotice(
          `The list of recent stores was damaged and is replaced by an empty one; the damaged file is kept as ${kept}.`,
        )
        makePrivateDatabase(this.#folder, RECENTS_FILE)
        return openHealthy(this.#open, file)
      }
    } catch (error) {
      const why =
        error instanceof NewerSchema
          ? `${file} was written by a newer version of NumPack Explorer and is left as it is`
          : `${file} can't be used (${reason(error)})`
      this.#onNotice(`${ONLY_IN_MEMORY}: ${why}.`)
      return new MemoryRecents()
    }
  }

  /** Drops preferences beyond the limits; an earlier version had none. */
  #trimmed(recents: SqliteRecents): SqliteRecents {
    const dropped = recents.trimPreferences()
    if (dropped > 0) this.#onNotice(`${dropped} remembered choices were too many or too large, and are dropped.`)
    return recents
  }

  #run<T>(action: (recents: Recents) => T, otherwise: T): T {
    try {
      return action(this.#inner)
    } catch (error) {
      if (error instanceof NumPackError) throw error
      if (isOfOneValue(error)) {
        this.#onNotice(`Something about a recent store or the layout can't be kept or read: ${reason(error)}.`)
        return otherwise
      }
      const copy = isCorrupt(error) ? null : this.#inMemory(error)
      this.#inner.close()
      this.#inner = copy ?? this.#openFile()
      return action(this.#inner)
    }
  }

  #inMemory(error: unknown): Recents {
    const file = join(this.#folder, RECENTS_FILE)
    this.#onNotice(`${ONLY_IN_MEMORY}: ${file} can't be written (${reason(error)}).`)
    try {
      return new MemoryRecents(this.#inner.list(), this.#inner.preferences())
    } catch {
      return new MemoryRecents()
    }
  }

  list(): RecentEntry[] {
    return this.#run(recents => recents.list(), [])
  }

  opened(store: { path: string; name: string; sizeBytes: number; arrayCount: number }): Json {
    return this.#run(recents => recents.opened(store), null)
  }

  rememberPlace(path: string, place: Json): void {
    this.#run(recents => recents.rememberPlace(path, place), undefined)
  }

  rememberBackup(path: string, backup: Json): void {
    this.#run(recents => recents.rememberBackup(path, backup), undefined)
  }

  backup(path: string): Json {
    return this.#run(recents => recents.backup(path), null)
  }

  pin(path: string, pinned: boolean): void {
    this.#run(recents => recents.pin(path, pinned), undefined)
  }

  remove(path: string): void {
    this.#run(recents => recents.remove(path), undefined)
  }

  cachedStatistics(key: CachedStatisticsKey): Json {
    return this.#run(recents => recents.cachedStatistics(key), null)
  }

  cacheStatistics(key: CachedStatisticsKey, statistics: Json): void {
    this.#run(recents => recents.cacheStatistics(key, statistics), undefined)
  }

  preferences(): Record<string, Json> {
    return this.#run(recents => recents.preferences(), {})
  }

  removePreferences(keys: readonly string[]): void {
    this.#run(recents => recents.removePreferences(keys), undefined)
  }

  setPreference(key: string, value: Json): void {
    this.#run(recents => recents.setPreference(key, value), undefined)
  }

  close(): void {
    this.#inner.close()
  }
}
