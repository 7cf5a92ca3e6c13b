import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { NumPackError } from '../format/errors.ts'
import { MemoryRecents } from './memory.ts'
import { migrate, SCHEMA_VERSION, schemaVersion } from './migrations.ts'
import { makePrivateDatabase } from './private-files.ts'
import type { Json, KeptFigures, RecentEntry, Recents } from './recents.ts'
import { SqliteRecents } from './sqlite.ts'

/** The file's name in the folder the host gives. */
export const RECENTS_FILE = 'recents.sqlite'

/** How long a write waits for another window's write. */
const BUSY_TIMEOUT_MS = 3000

const ONLY_IN_MEMORY = 'Recent stores and settings are kept only until the program ends'

type OpenDatabase = (file: string, options: { timeout: number }) => Database

export interface RecentsOptions {
  /** The folder that holds the file; made when it isn't there. null where the user has none. */
  folder: string | null
  /** Called with one sentence for everything that doesn't work as it should, at once or later. */
  onNotice: (message: string) => void
  /** Loads SQLite; rejects where its native module is missing. */
  loadSqlite?: () => Promise<OpenDatabase>
}

/** What better-sqlite3 13 is built for. Loaded into an older Node (20, for example) it ends the process without a word. */
const NODE_API = 10

async function loadBetterSqlite(): Promise<OpenDatabase> {
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

/** Whether it is one value that can't be kept or read; the file is as good as before. */
const isOfOneValue = (error: unknown): boolean =>
  /^SQLITE_(CONSTRAINT(?!_TRIGGER)|MISMATCH|TOOBIG|RANGE)/.test(codeOf(error)) ||
  error instanceof SyntaxError ||
  error instanceof RangeError ||
  error instanceof TypeError

class NewerSchema extends Error {}

/** A folder name part for a moment, without characters that Windows refuses. */
const stamp = (date: Date): string => date.toISOString().slice(0, 19).replaceAll(':', '-')

/** Renames a file that is no healthy database, with what SQLite keeps beside it. Gives the new path. */
function setAside(file: string): string {
  const base = file.replace(/\.sqlite$/, `.corrupt-${stamp(new Date())}`)
  let target = `${base}.sqlite`
  for (let n = 2; existsSync(target); n++) target = `${base}-${n}.sqlite`
  renameSync(file, target)
  for (const suffix of ['-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, target + suffix)
  return target
}

function openHealthy(open: OpenDatabase, file: string): SqliteRecents {
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

/**
 * The recents of a folder. Never throws and never fails later: a file that is no database is set aside under a name
 * with its date, and where nothing can be kept the recents last as long as the process; both are said by `onNotice`.
 */
export async function openRecents(options: RecentsOptions): Promise<Recents> {
  if (options.folder === null) {
    options.onNotice(`${ONLY_IN_MEMORY}: this user has no home folder. Set HOME to an absolute path.`)
    return new MemoryRecents()
  }
  let open: OpenDatabase
  try {
    open = await (options.loadSqlite ?? loadBetterSqlite)()
  } catch (error) {
    options.onNotice(`${ONLY_IN_MEMORY}: SQLite can't load (${reason(error)}).`)
    return new MemoryRecents()
  }
  return new ResilientRecents(open, options.folder, options.onNotice)
}

/** Recents that outlive their file: sets it aside when it is corrupt, goes on in memory when it fails otherwise. */
class ResilientRecents implements Recents {
  readonly #open: OpenDatabase
  readonly #folder: string
  readonly #onNotice: (message: string) => void
  #inner: Recents

  constructor(open: OpenDatabase, folder: string, onNotice: (message: string) => void) {
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
        const kept = setAside(file)
        this.#onNotice(`The list of recent stores was damaged and starts anew; the old file is kept as ${kept}.`)
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

  /** Drops what is more than the bounds allow: an earlier version kept everything. */
  #trimmed(recents: SqliteRecents): SqliteRecents {
    const dropped = recents.trimPreferences()
    if (dropped > 0) this.#onNotice(`${dropped} remembered settings were too many or too large, and are dropped.`)
    return recents
  }

  /** `otherwise` is given for a value that can't be kept or read. */
  #run<T>(action: (recents: Recents) => T, otherwise: T): T {
    try {
      return action(this.#inner)
    } catch (error) {
      if (error instanceof NumPackError) throw error
      if (isOfOneValue(error)) {
        this.#onNotice(`Something about a recent store or a setting can't be kept or read: ${reason(error)}.`)
        return otherwise
      }
      const failed = this.#inner
      this.#inner = isCorrupt(error) ? this.#reopen() : this.#inMemory(error)
      failed.close()
      return action(this.#inner)
    }
  }

  #reopen(): Recents {
    this.#inner.close()
    return this.#openFile()
  }

  /** What can still be read stays on screen: a disk that is full or read-only loses nothing. */
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

  figures(kept: KeptFigures): Json {
    return this.#run(recents => recents.figures(kept), null)
  }

  keepFigures(kept: KeptFigures, figures: Json): void {
    this.#run(recents => recents.keepFigures(kept, figures), undefined)
  }

  preferences(): Record<string, Json> {
    return this.#run(recents => recents.preferences(), {})
  }

  setPreference(key: string, value: Json): void {
    this.#run(recents => recents.setPreference(key, value), undefined)
  }

  close(): void {
    this.#inner.close()
  }
}
