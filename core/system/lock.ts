import { accessSync, closeSync, constants, existsSync, lstatSync, openSync, unlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Database } from 'better-sqlite3'
import { messageOf, NumPackError } from '../format/errors.ts'
import { LOCK_FILE } from '../format/names.ts'
import {
  type FileIdentity,
  type FileStat,
  identityKey,
  isSameFile,
  lstatIfThere,
  lstatPath,
  statPath,
} from './file-stat.ts'
import { HeldFolder } from './held-folder.ts'
import { folderChanged, holdAt } from './held-stores.ts'
import { insist } from './insist.ts'
import { isErrno } from './io-error.ts'
import { requireNative } from './library-folder.ts'
import { clearLockEntries, isTooLong, type LockEntry, openLockEntry } from './lock-entry.ts'
import { isObsolete, makeLockFile } from './lock-file.ts'
import { claimLock } from './lock-holder.ts'
import { goesWithoutLocks, hasLocks, isBusy, isLockRefused, noLocks } from './lock-support.ts'
import { trustsNoGroup, whoCanExchange } from './own-folders.mjs'
import { sleep } from './sleep.ts'
import { checkTrusted } from './trusted-path.ts'

/**
 * One writer per store among all processes and threads: the operating system's file lock, taken through SQLite
 * (`BEGIN IMMEDIATE` on an empty database).
 *
 * - The system releases it when a process dies. A lock that a timer refreshes would not work: writing is synchronous.
 * - The lock file lies in the store, where other users, containers and machines find it, and stays there, empty.
 *   Packages leave it out, and a copy of the store is not locked.
 * - Only users who may write to the store may open it: a reader's shared lock would keep writers out.
 * - Only its holder may replace it. Whoever waited for the old one sees another file of that name, and tries again.
 * - Only SQLite closes its descriptors: by POSIX, closing one releases the locks of all threads. lock-holder.ts covers
 *   other code that does so.
 * - It is closed after each operation, so that Windows can move or delete the folder.
 * - It may be hostile. SQLite gets an empty plain file only, with no journal beside it to play back; where other users
 *   may exchange it, through an entry (lock-entry.ts).
 * - A writer works in the folder that it locked, wherever the path leads later (held-stores.ts).
 * - NumPack takes no lock: metadata and bitmaps are read again before every write.
 */

const WAIT_MS = 10_000
/** Milliseconds after which a lock that is refused is tried on another file: the disk may have none. */
const QUICK_MS = 50
/** Milliseconds between checks of a holder that lost its lock. */
const HOLDER_MS = 5
/** Attempts after another lock took the place of the expected one. */
const ATTEMPTS = 20
/** Minimum time of attempts in milliseconds, however short the wait is. */
const RETRY_MS = 1000
/** Node-API version that better-sqlite3 13 is built for; an older Node that loads it exits silently. */
const NODE_API = 10

type OpenDatabase = (path: string, options: { timeout: number; fileMustExist: true }) => Database

let openDatabase: OpenDatabase | null = null

function loadSqlite(): OpenDatabase {
  if (openDatabase !== null) return openDatabase
  const napi = Number(process.versions['napi'] ?? 0)
  if (napi < NODE_API)
    throw new Error(`SQLite needs Node-API ${NODE_API}, this program has ${napi}: use Node 22.14 or newer`)
  const Sqlite = requireNative('better-sqlite3') as new (...args: Parameters<OpenDatabase>) => Database
  openDatabase = (path, options) => new Sqlite(path, options)
  return openDatabase
}

interface Lock extends Disposable {
  readonly file: FileIdentity
  readonly folder: HeldFolder
  readonly entry: LockEntry | null
}

interface LockOptions {
  /** Milliseconds to wait for another writer. */
  readonly waitMs?: number
  /** Identity of the folder when the store was opened. */
  readonly identity?: FileIdentity
}

/** Number of times that this thread has locked each store: nested operations join the lock. */
const held = new Map<string, { depth: number; readonly lock: Lock }>()

/**
 * Makes this thread the only writer of a store. Throws `IO` if another writer doesn't finish within `waitMs` or the
 * store can't be locked, `CHANGED_ON_DISK` if the path leads to another folder than `identity`.
 */
export function lockStore(path: string, { waitMs = WAIT_MS, identity }: LockOptions = {}): Disposable {
  const entry = enter(path, waitMs, identity)
  const { folder } = entry.lock
  const leave = (): void => {
    if (--entry.depth > 0) return
    held.delete(identityKey(folder.stat))
    entry.lock[Symbol.dispose]()
  }
  const holds: Disposable[] = []
  try {
    for (const each of new Set([folder.realPath, resolve(path)])) holds.push(holdAt(each, folder))
  } catch (error) {
    for (const hold of holds) hold[Symbol.dispose]()
    leave()
    throw error
  }
  let released = false
  return {
    [Symbol.dispose]: () => {
      if (released) return
      released = true
      for (const hold of holds) hold[Symbol.dispose]()
      leave()
    },
  }
}

function enter(path: string, waitMs: number, identity?: FileIdentity): { depth: number; readonly lock: Lock } {
  const folder = HeldFolder.openPath(path)
  const key = identityKey(folder.stat)
  const known = held.get(key)
  try {
    if (identity !== undefined && !folder.is(identity)) throw folderChanged(path)
    if (known === undefined) {
      checkTrusted(path, folder)
      const entry = { depth: 1, lock: acquire(folder, waitMs) }
      held.set(key, entry)
      return entry
    }
  } catch (error) {
    folder[Symbol.dispose]()
    throw error
  }
  folder[Symbol.dispose]()
  known.depth++
  return known
}

/** Whether a locked store's path still leads to it. A folder in its place has a lock that others may hold. */
export function isStillLocked(path: string): boolean {
  try {
    const lock = held.get(identityKey(statPath(path)))?.lock
    return lock !== undefined && isSameFile(lstatPath(lock.folder.at(LOCK_FILE)), lock.file)
  } catch {
    return false
  }
}

/** Removes the lock entries that dead writers left in a store that this thread has locked. */
export function clearLeftLocks(path: string): void {
  const lock = held.get(identityKey(statPath(path)))?.lock
  if (lock !== undefined) clearLockEntries(lock.folder, lock.entry)
}

export function withLock<T>(path: string, work: () => T, options?: LockOptions): T {
  const lock = lockStore(path, options)
  try {
    return work()
  } finally {
    lock[Symbol.dispose]()
  }
}

/** Locks the store in a folder. Disposing the lock closes the folder. */
function acquire(folder: HeldFolder, waitMs: number): Lock {
  const begun = performance.now()
  const end = begun + waitMs
  try {
    // The owner of the file may hold a lease on it, which delays opening.
    for (let attempt = 0; attempt < ATTEMPTS && performance.now() < Math.max(end, begun + RETRY_MS); attempt++) {
      const lock = lockOnce(folder, end)
      if (lock !== null) return lock
    }
    throw new Error('other files take its place again and again')
  } catch (error) {
    throw lockError(error, folder, waitMs)
  }
}

/** Returns null if another lock took the place of the expected one. */
function lockOnce(folder: HeldFolder, waitUntil: number): Lock | null {
  let file = lookAt(folder)
  if (file === undefined) {
    makeLockFile(folder)
    file = lookAt(folder)
  }
  if (file === undefined) return null
  let entry: LockEntry | null = null
  let db: Database | null = null
  let isKept = false
  const end = (): void => {
    db?.close()
    entry?.[Symbol.dispose]()
  }
  try {
    accessSync(folder.at(LOCK_FILE), constants.R_OK | constants.W_OK)
    checkOpenable(folder.at(LOCK_FILE))
    if (isShared(folder) || isTooLong(join(folder.realPath, LOCK_FILE))) entry = openLockEntry(folder)
    if (entry === null) checkBeside(folder)
    else if (!isSameFile(entry.stat, file)) return null
    db = openLocked(folder, entry, waitUntil)
    let now = lookAt(folder)
    if (now === undefined || !isSameFile(now, file)) return null
    // Its own name, that of this writer's entry, and those of waiting writers' entries.
    let names = entry === null ? 1 : 2
    if (now.nlink > names) {
      names += clearLockEntries(folder, entry)
      now = lstatPath(folder.at(LOCK_FILE))
    }
    if (isObsolete(folder, now, names)) {
      unlinkSync(folder.at(LOCK_FILE))
      return null
    }
    const claim = waitForHolder(folder, now, waitUntil)
    isKept = true
    const dispose = (): void => {
      claim[Symbol.dispose]()
      end()
      folder[Symbol.dispose]()
    }
    return { file, folder, entry, [Symbol.dispose]: dispose }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'SQLITE_READONLY_DBMOVED') return null
    if (code.startsWith('SQLITE_CANTOPEN') && isGone(folder, file, entry)) return null
    throw error
  } finally {
    if (!isKept) end()
  }
}

/** Returns null if the disk has no locks and the user allows that, else throws `IO`; also throws SQLite's errors. */
function openLocked(folder: HeldFolder, entry: LockEntry | null, waitUntil: number): Database | null {
  const path = entry?.path ?? join(folder.realPath, LOCK_FILE)
  try {
    return lockFile(path, Math.min(QUICK_MS, msUntil(waitUntil)))
  } catch (error) {
    if (!isLockRefused(error)) throw error
    if (hasLocks(folder, entry, probe => lockFile(probe, 0).close())) {
      if (isBusy(error)) return lockFile(path, msUntil(waitUntil))
      throw error
    }
    if (goesWithoutLocks()) return null
    throw noLocks(folder.path, error)
  }
}

const msUntil = (time: number): number => Math.max(0, Math.ceil(time - performance.now()))

/** Locks an empty file. Closing the database releases the lock. */
function lockFile(path: string, waitMs: number): Database {
  const db = loadSqlite()(path, { timeout: waitMs, fileMustExist: true })
  try {
    // Without this mode SQLite keeps a journal beside the file while it is locked. It opens a file that can't be written to
    // for reading, and locks it for nobody, without an error: the second pragma, which is taken back, gets one.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE; PRAGMA user_version = 1')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Waits while the process that lost this lock is at work. Throws as SQLite does after `waitUntil`. */
function waitForHolder(folder: HeldFolder, file: FileIdentity, waitUntil: number): Disposable {
  for (;;) {
    const claim = claimLock(folder, file)
    if (claim !== null) return claim
    if (performance.now() >= waitUntil) throw Object.assign(new Error('its holder is at work'), { code: 'SQLITE_BUSY' })
    sleep(HOLDER_MS)
  }
}

/** Whether another lock file took its place, or another container's writer removed the entry as a dead process's. */
function isGone(folder: HeldFolder, file: FileIdentity, entry: LockEntry | null): boolean {
  if (entry !== null) return !existsSync(entry.path)
  const now = lstatIfThere(folder.at(LOCK_FILE))
  return now === undefined || !isSameFile(now, file)
}

/** Returns undefined if there is no lock file. Throws if this program did not make it. */
function lookAt(folder: HeldFolder): FileStat | undefined {
  const stat = lstatIfThere(folder.at(LOCK_FILE))
  if (stat === undefined) return undefined
  if (!stat.isFile()) throw new Error('it is a link, a folder or a device, which a lock never is: remove it')
  if (stat.size > 0) throw new Error('it is not empty, which a lock always is: move it away')
  return stat
}

/** On Windows, waits for a program that keeps others from opening the file, of which SQLite says nothing. */
function checkOpenable(path: string): void {
  if (process.platform === 'win32') closeSync(insist(() => openSync(path, 'r+')))
}

/** Whether another user may change the folder's entries or exchange the folder. */
function isShared({ realPath, stat: { mode } }: HeldFolder): boolean {
  return (mode & 0o022) !== 0 || whoCanExchange(realPath, trustsNoGroup) !== null
}

/** Throws if a file beside the lock would affect SQLite. */
function checkBeside(folder: HeldFolder): void {
  for (const ending of ['-journal', '-wal', '-shm']) {
    const other = lstatSync(folder.at(`${LOCK_FILE}${ending}`), { throwIfNoEntry: false })
    // Older versions of this program leave a journal if they are killed.
    const isOurs = other === undefined || (ending === '-journal' && other.isFile() && other.nlink === 1)
    if (!isOurs)
      throw new Error(
        `${join(folder.path, LOCK_FILE + ending)} lies beside it, which a lock does not have: move it away`,
      )
  }
}

const ownerOf = (path: string): number | undefined => lstatSync(path, { throwIfNoEntry: false })?.uid

/** A lock of someone who may not write to the store any more keeps its owner out. */
function adviceOnForeignLock(folder: string, path: string): string {
  const user = process.geteuid?.()
  const owner = ownerOf(path)
  if (user === undefined || owner === undefined || owner === user || owner === ownerOf(folder)) return ''
  return ` ${path} belongs to user ${owner}: if they should not write to the store, remove it.`
}

function lockError(error: unknown, { path: folder }: HeldFolder, waitMs: number): NumPackError {
  if (error instanceof NumPackError) return error
  const { code = '' } = error as NodeJS.ErrnoException
  const path = join(folder, LOCK_FILE)
  const details = { path: folder, lock: path, reason: code }
  if (process.platform === 'win32' && isErrno(error, 'EBUSY')) {
    const message = `${folder} can't be locked for writing: ${path}: another program has it open. Close it there and try again; nothing was changed.`
    return new NumPackError('IO', message, details, error)
  }
  if (code.startsWith('SQLITE_BUSY')) {
    return new NumPackError(
      'IO',
      `${folder} is being written to by another program of this kind, for more than ${waitMs / 1000} s. ` +
        `Wait for it or end it, then try again; nothing was changed.${adviceOnForeignLock(folder, path)}`,
      { ...details, reason: 'LOCKED' },
      error,
    )
  }
  if (code === 'EACCES' || code === 'EPERM' || code.startsWith('SQLITE_READONLY')) {
    const owner = ownerOf(path)
    return new NumPackError(
      'IO',
      `${folder} can't be locked for writing: you may not read and write ${path}` +
        `${owner === undefined ? '' : `, which belongs to user ${owner}`}. Have its owner write to the store once or change ` +
        'its mode (chmod), or remove it while nobody writes to the store; nothing was changed.',
      details,
      error,
    )
  }
  const why = messageOf(error)
  return new NumPackError(
    'IO',
    `${folder} can't be locked for writing: ${path}: ${why}. Check that you may write to the folder; nothing was changed.`,
    details,
    error,
  )
}
