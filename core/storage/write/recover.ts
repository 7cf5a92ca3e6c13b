import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { NumPackError } from '../../format/errors.ts'
import { bitmapFileOf, isLockFolder, isNumPackTemporary } from '../../format/names.ts'
import { createFile, isTemporary, temporaryIn, tryToRemove } from '../../system/files.ts'
import { findWriteLog, hasWriteLog, type LoggedRows, WRITE_LOG_FILE } from '../read/write-log.ts'
import { listFolder } from '../../system/list-folder.ts'
import { clearLeftLocks, withLock } from '../../system/lock.ts'
import type { Store } from '../read/store.ts'
import { incrementWriteCount } from '../read/write-counter.ts'
import { accessOfBitmap } from './data-files.ts'
import { logToApply } from './log-to-apply.ts'
import { removeObsoleteFiles } from './obsolete-files.ts'
import { prepareRuns, writeRuns } from './runs.ts'
import {
  type FileReplacement,
  finishReplacement,
  hasUnfinishedReplacement,
  replaceAtomically,
} from './replace-files.ts'

export interface RecoverOptions {
  /** Whether the folder is as this thread left it. */
  readonly isAsLeft?: boolean
  /**
   * Whether the next operation only removes an array: its logged rows need not be written then. Should the removal fail,
   * they are lost all the same.
   */
  readonly isGivenUp?: (name: string) => boolean
}

/**
 * Finishes or undoes the operation of a writer that died, and removes its temporary files (step 1). Looks for those in
 * the whole folder, unless it is as this thread left it.
 */
export function recover(store: Store, { isAsLeft = false, isGivenUp = () => false }: RecoverOptions = {}): void {
  const { folder } = store
  finishReplacement(folder.path)
  if (hasWriteLog(folder)) finishLogged(store, isGivenUp)
  else if (isAsLeft) return
  const files = listFolder(folder.path)
  if (files.some(isLockFolder)) clearLeftLocks(folder.path)
  for (const file of files) {
    if (file === WRITE_LOG_FILE || isTemporary(file)) tryToRemove(join(folder.path, file))
    else if (isOldLeftover(folder.path, file)) tryToRemove(join(folder.path, file))
  }
}

/** Finishes or undoes the operation of the write log. Throws `IO`, before it reads all of it, if it is too large. */
function finishLogged(store: Store, isGivenUp: (name: string) => boolean): void {
  const { folder } = store
  store.refresh()
  const { problem } = folder.pending ?? {}
  if (problem !== undefined) throw new NumPackError('IO', `${folder.path}: ${problem.reason}.`, { path: folder.path })
  const pending = findWriteLog(folder, null, 'writing')
  if (pending === null) return
  const placed: FileReplacement[] = []
  for (const record of store.records) {
    const { name } = record
    try {
      const { bitmap, rows } = logToApply(store, pending, record)
      if (bitmap === undefined && rows === undefined) continue
      incrementWriteCount(folder.realPath, name)
      if (rows !== undefined) finishRows(store, name, rows)
      if (bitmap !== undefined) placed.push(fileOfLogged(store, name, bitmap.bitmap))
    } catch (error) {
      if (error instanceof NumPackError && isGivenUp(name)) continue
      for (const { temporary } of placed) if (temporary !== null) tryToRemove(temporary)
      throw error instanceof NumPackError ? unfinished(name, error) : error
    }
  }
  replaceAtomically(folder.path, placed)
  removeObsoleteFiles(store, pending.files)
}

const unfinished = (array: string, error: NumPackError): NumPackError =>
  new NumPackError(
    error.code,
    `${error.message} An earlier change of array '${array}' can't be finished, and nothing else can be written before ` +
      `it is. Look after the disk and try again; or give the array up and remove '${array}'.`,
    { ...error.details, array },
    error,
  )

/** Recovers so that NumPack, too, sees a consistent state. If that fails (locked, read-only), readers apply the log. */
export function recoverOnOpen(store: Store): void {
  if (!hasWriteLog(store.folder) && !hasUnfinishedReplacement(store.path)) return
  try {
    withLock(store.path, () => recover(store), { waitMs: 0, identity: store.identity })
    store.refresh()
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
  }
}

/** A temporary file of NumPack lives for seconds; an older one is a leftover. */
const OLD_MS = 10 * 60 * 1000

function isOldLeftover(folder: string, file: string): boolean {
  if (!isNumPackTemporary(file)) return false
  const stat = lstatSync(join(folder, file), { throwIfNoEntry: false })
  return stat !== undefined && stat.isFile() && Date.now() - stat.mtimeMs > OLD_MS
}

function fileOfLogged(store: Store, name: string, bitmap: Uint8Array | null): FileReplacement {
  const file = bitmapFileOf(name)
  if (bitmap === null) return { file, temporary: null }
  const temporary = temporaryIn(store.path)
  createFile(temporary, [bitmap], { access: accessOfBitmap(store, name) })
  return { file, temporary }
}

function finishRows(store: Store, name: string, rows: LoggedRows): void {
  const { source } = store.reader(name)
  prepareRuns(store.folder, source, rows)
  writeRuns(source, rows)
}
