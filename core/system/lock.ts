import { accessSync, constants, lstatSync, realpathSync, type Stats, unlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, resolve } from 'node:path'
import type { Database } from 'better-sqlite3'
import { NumPackError } from '../format/errors.ts'
import { writeError } from './files.ts'
import { type FileIdentity, sameFile } from './handles.ts'
import { HeldFolder } from './held-folder.ts'
import { atHeld, holdAt } from './held-stores.ts'
import { isErrno } from './io-error.ts'
import { isObsolete, LOCK_FILE, makeLockFile } from './lock-file.ts'

export { LOCK_FILE }

/**
 * One writer at a time per store, whatever process or thread it is in: the operating system's own file lock, taken and
 * given back by SQLite (`BEGIN IMMEDIATE` on an empty database).
 *
 * - The system releases it when a process dies, at once; nothing goes stale. Locks that must be refreshed by a timer
 *   don't work here: writing is synchronous, so that no timer runs for as long as a large save takes.
 * - The lock file `.numpack.lock` lies in the store, so that everyone who can write to the store meets at the same file:
 *   other users, other containers, other machines (as far as their file system locks). A file in a temporary folder
 *   would be another one for each of them.
 * - It stays there, empty. NumPack doesn't know it, packages leave it out, and a copy of the store is not locked, because
 *   the lock is not in the file's content.
 * - Whoever may write to the store may open it, and nobody else: with a shared lock a reader would keep writers out, and
 *   who can't open it for writing gets a shared one only, which excludes nobody: that is an error.
 * - Only who holds it may put a new one in its place (another mode, a second name). Who waited for the old one sees then
 *   that the name leads to another file, and starts again.
 * - This process never closes a file descriptor of it but through SQLite: by POSIX that gives back the locks of all threads.
 * - It is opened for each operation and closed after it, so that on Windows the folder can be moved or deleted
 *   between operations. A folder that can't be written to can't be locked, and needs not be.
 * - It may have come with the store. SQLite is shown an empty plain file only: of a database it would do what a journal
 *   beside it says, of an empty one it removes the journal. This program makes the file, so that SQLite makes none; SQLite
 *   follows no link when it opens a file (O_NOFOLLOW), and whether it is this one is looked at again once it is locked.
 * - NumPack itself takes no lock: against it, metadata and bitmaps are read again before every write.
 */

/** How long an operation waits for another writer. */
const WAIT_MS = 10_000
/** How often another lock may take the place of the one that is waited for. */
const ATTEMPTS = 20
/** What better-sqlite3 13 is built for; loaded into an older Node it ends the process without a word. */
const NODE_API = 10

type OpenDatabase = (path: string, options: { timeout: number; fileMustExist: true }) => Database

let openDatabase: OpenDatabase | null = null

function loadSqlite(): OpenDatabase {
  if (openDatabase !== null) return openDatabase
  const napi = Number(process.versions['napi'] ?? 0)
  if (napi < NODE_API)
    throw new Error(`SQLite needs Node-API ${NODE_API}, this program has ${napi}: use Node 22.14 or newer`)
  const Sqlite = createRequire(import.meta.url)('better-sqlite3') as new (...args: Parameters<OpenDatabase>) => Database
  openDatabase = (path, options) => new Sqlite(path, options)
  return openDatabase
}

interface Lock extends Disposable {
  /** The file that is locked. */
  readonly file: FileIdentity
  /** The store's folder. */
  readonly folder: HeldFolder
}

/** How often this thread has locked each store: an operation inside another one joins it. */
const held = new Map<string, { depth: number; readonly lock: Lock }>()

/**
 * Makes this thread the only writer of the store in `folder` until the result is disposed. Throws `IO` when another
 * one doesn't finish within `waitMs`, or when the store can't be locked.
 */
export function lockStore(folder: string, waitMs: number = WAIT_MS): Disposable {
  const key = realPathOf(folder)
  const entry = held.get(key) ?? { depth: 0, lock: acquire(join(key, LOCK_FILE), folder, waitMs) }
  entry.depth++
  held.set(key, entry)
  const paths = [...new Set([key, resolve(folder)])].map(path => holdAt(path, entry.lock.folder))
  let released = false
  return {
    [Symbol.dispose]: () => {
      if (released) return
      released = true
      for (const path of paths) path[Symbol.dispose]()
      if (--entry.depth > 0) return
      held.delete(key)
      entry.lock[Symbol.dispose]()
    },
  }
}

/**
 * Whether the path of a store that this thread has locked still leads to that store. A folder that took its place has
 * another lock, which others may hold.
 */
export function isStillLocked(folder: string): boolean {
  try {
    const key = realPathOf(folder)
    const lock = held.get(key)?.lock
    return lock !== undefined && sameFile(lstatSync(atHeld(join(key, LOCK_FILE))), lock.file)
  } catch {
    return false
  }
}

/** Runs `work` as the only writer of a store. Throws as `lockStore` does. */
export function withLock<T>(folder: string, work: () => T, waitMs?: number): T {
  const lock = lockStore(folder, waitMs)
  try {
    return work()
  } finally {
    lock[Symbol.dispose]()
  }
}

function realPathOf(folder: string): string {
  try {
    return realpathSync.native(folder)
  } catch (error) {
    throw writeError(error, folder, 'open')
  }
}

function acquire(path: string, folder: string, waitMs: number): Lock {
  const end = performance.now() + waitMs
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const lock = lockOnce(path, Math.max(0, end - performance.now()))
      if (lock !== null) return lock
    }
    throw new Error('other files take its place again and again')
  } catch (error) {
    throw lockError(error, path, folder, waitMs)
  }
}

/** Opens the folder in which the file that is locked lies. */
function holdParent(path: string, file: FileIdentity): HeldFolder {
  const parent = HeldFolder.open(dirname(dirname(path)), basename(dirname(path)))
  if (parent !== null && sameFile(lstatSync(parent.at(basename(path))), file)) return parent
  parent?.[Symbol.dispose]()
  throw new Error('its folder was exchanged for another one meanwhile')
}

const heldLock = (db: Database, file: FileIdentity, folder: HeldFolder): Lock => ({
  file,
  folder,
  [Symbol.dispose]: () => {
    folder[Symbol.dispose]()
    db.close()
  },
})

/** null when another lock took the place of the one that was there. */
function lockOnce(path: string, waitMs: number): Lock | null {
  if (lookAt(path) === undefined) makeLockFile(path)
  const file = lookAt(path)
  if (file === undefined) return null
  let db: Database | null = null
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    db = loadSqlite()(path, { timeout: Math.ceil(waitMs), fileMustExist: true })
    // Without this mode SQLite keeps a journal beside the file while it is locked. It opens a file that can't be written to
    // for reading, and locks it for nobody, without an error: the second pragma, which is taken back, gets one.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE; PRAGMA user_version = 1')
    const now = lookAt(path)
    if (now !== undefined && sameFile(now, file)) {
      const parent = holdParent(path, file)
      if (!isObsolete(path, now)) return heldLock(db, file, parent)
      unlinkSync(parent.at(basename(path)))
      parent[Symbol.dispose]()
    }
    db.close()
    return null
  } catch (error) {
    db?.close()
    if (isErrno(error, 'ENOENT') || (error as NodeJS.ErrnoException).code === 'SQLITE_READONLY_DBMOVED') return null
    throw error
  }
}

/** The lock file; undefined where there is none. Throws where something lies there that this program did not make. */
function lookAt(path: string): Stats | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (!stat.isFile()) throw new Error('it is a link, a folder or a device, which a lock never is: remove it')
  if (stat.size > 0) throw new Error('it is not empty, which a lock always is: move it away')
  for (const beside of [`${path}-journal`, `${path}-wal`, `${path}-shm`]) {
    const other = lstatSync(beside, { throwIfNoEntry: false })
    // Older versions of this program leave a journal when they are killed.
    const isOurs = other === undefined || (beside.endsWith('-journal') && other.isFile() && other.nlink === 1)
    if (!isOurs) throw new Error(`${beside} lies beside it, which a lock does not have: move it away`)
  }
  return stat
}

function lockError(error: unknown, path: string, folder: string, waitMs: number): NumPackError {
  const { code = '' } = error as NodeJS.ErrnoException
  const details = { path: folder, lock: path, reason: code }
  if (code.startsWith('SQLITE_BUSY')) {
    return new NumPackError(
      'IO',
      `${folder} is being written to by another program of this kind, for more than ${waitMs / 1000} s. ` +
        'Wait for it or end it, then try again; nothing was changed.',
      { ...details, reason: 'LOCKED' },
      error,
    )
  }
  if (code === 'EACCES' || code === 'EPERM' || code.startsWith('SQLITE_READONLY')) {
    const owner = lstatSync(path, { throwIfNoEntry: false })?.uid
    return new NumPackError(
      'IO',
      `${folder} can't be locked for writing: you may not read and write ${path}` +
        `${owner === undefined ? '' : `, which belongs to user ${owner}`}. Have its owner write to the store once or change ` +
        'its mode (chmod), or remove it while nobody writes to the store; nothing was changed.',
      details,
      error,
    )
  }
  const why = error instanceof Error ? error.message : String(error)
  return new NumPackError(
    'IO',
    `${folder} can't be locked for writing: ${path}: ${why}. Check that you may write to the folder; nothing was changed.`,
    details,
    error,
  )
}
