import { join } from 'node:path'
import { LIMITS } from '../../format/limits.ts'
import { type FileAccess, narrowest } from '../../system/file-access.ts'
import { accessLike } from '../read/access-like.ts'
import { createFile, syncFolder, tryToRemove } from '../../system/files.ts'
import { encodeWriteLog, type LoggedRows, WRITE_LOG_FILE } from '../read/write-log.ts'
import type { ArrayLike } from '../../array/ndarray.ts'
import { areComparable } from '../read/run-groups.ts'
import type { DataSource } from '../read/source.ts'
import type { Store } from '../read/store.ts'
import { incrementWriteCount } from '../read/write-counter.ts'
import { accessOfArray } from './data-files.ts'
import { findWriteTarget, resolveReplacement } from './write-target.ts'
import { attempt } from './file-backup.ts'
import { bytesToWrite, entriesOf, namesOf } from './input.ts'
import { rowsOf, type RowSelection } from './rows.ts'
import { changedRuns, prepareRuns, readRuns, type Runs, writeRuns } from './runs.ts'
import { rewriteRows } from './rewrite-rows.ts'
import { doneAllTheSame, isThere, type Writing, writing } from './transaction.ts'

/**
 * Replaces logical rows in all arrays or in none; the last value counts for a row named twice. A single row (an
 * integer) may come without the row axis. Above `maxLogBytes` bytes the arrays get new files.
 *
 * Up to `LIMITS.writeLogOldBytes`, memory keeps the old values, and a failure rolls back to them. Above, the new rows
 * survive a failure: readers take them from the write log, and the next writer writes them. Without the old values in
 * the write log it does so even over rows that NumPack wrote meanwhile.
 */
export function replace(
  store: Store,
  arrays: Readonly<Record<string, ArrayLike>>,
  rows: RowSelection,
  maxLogBytes: number = LIMITS.writeLogBytes,
): void {
  const entries = entriesOf(arrays)
  if (entries.length === 0) return
  writing(store, namesOf(entries), session => {
    const replaced = entries.map(([name, value]) => runsOf(session, name, value, rows))
    const logged = replaced.filter(({ data }) => data.length > 0)
    if (logged.length === 0) return
    const sources = logged.map(({ name }) => store.reader(name).source)
    const parts = encodeWriteLog({ bitmaps: [], files: [], rows: logged })
    if (bytesOf(parts) > maxLogBytes) return rewriteRows(session, logged)
    for (const [i, runs] of logged.entries()) prepareRuns(store.folder, sources[i] as DataSource, runs)
    const bytes = logged.reduce((sum, { data }) => sum + data.length, 0)
    const old =
      bytes > LIMITS.writeLogOldBytes ? null : logged.map((runs, i) => readRuns(sources[i] as DataSource, runs))
    const log = withOld(parts, logged, old)
    const path = join(session.folder, WRITE_LOG_FILE)
    try {
      createFile(path, log, { access: accessOfWriteLog(session, logged) })
      syncFolder(session.folder)
    } catch (error) {
      throw removeWriteLog(path, error)
    }
    for (const { name } of logged) incrementWriteCount(store.folder.realPath, name)
    try {
      for (const [i, runs] of logged.entries()) writeRuns(sources[i] as DataSource, runs)
    } catch (error) {
      if (old === null || !rollBack(sources, old)) throw doneAllTheSame(error)
      throw removeWriteLog(path, error)
    }
    tryToRemove(path)
    // A power cut could bring it back. Without old values it would then undo what was written since.
    if (log === parts) syncRemoval(session.folder)
  })
}

/** Adds the old values if they are known and few enough to be compared, and don't make the log too large to be read. */
function withOld(parts: Uint8Array[], logged: readonly LoggedRows[], old: readonly Runs[] | null): Uint8Array[] {
  if (old === null || !areComparable(logged)) return parts
  const larger = encodeWriteLog({
    bitmaps: [],
    files: [],
    rows: logged.map((rows, i) => ({ ...rows, old: old[i]?.data ?? null })),
  })
  return bytesOf(larger) > LIMITS.writeLogBytes ? parts : larger
}

const bytesOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0)

/** Returns the error to throw: a write log that can't be removed still applies. */
function removeWriteLog(path: string, error: unknown): unknown {
  tryToRemove(path)
  return isThere(path) ? doneAllTheSame(error) : error
}

function syncRemoval(folder: string): void {
  try {
    syncFolder(folder)
  } catch (error) {
    throw doneAllTheSame(error)
  }
}

/** Returns whether it restored the old values; if not, the write log must stay, and the new values apply. */
const rollBack = (sources: readonly DataSource[], old: readonly Runs[]): boolean =>
  attempt(() => {
    for (const [i, runs] of old.entries()) {
      const source = sources[i] as DataSource
      writeRuns(source, changedRuns(source, runs))
    }
  })

const NONE = new Float64Array(0)

/** Only users who may read all of the arrays may read the write log. */
const accessOfWriteLog = ({ store }: Writing, logged: readonly LoggedRows[]): FileAccess | null =>
  logged.map(({ name }) => accessOfArray(store, store.record(name))).reduce(narrowest, null) ?? accessLike(store.folder)

function runsOf(session: Writing, name: string, value: ArrayLike, rows: RowSelection): LoggedRows {
  const { reader, record } = findWriteTarget(session, name)
  const { rowMap, rowBytes } = reader
  const { indexer, values } = resolveReplacement(reader, value, rows)
  const bytes = bytesToWrite(values)
  // There may be any number of rows of no bytes.
  if (bytes.length === 0) return { name, record: record.raw, positions: NONE, lengths: NONE, data: bytes }
  const logical = rowsOf(indexer)
  const { physical, order } = inOrder(rowMap?.selectActiveAll(logical) ?? logical)
  const data = order === null ? bytes : new Uint8Array(order.length * rowBytes)
  if (order !== null) {
    for (let i = 0; i < order.length; i++) {
      const from = (order[i] as number) * rowBytes
      data.set(bytes.subarray(from, from + rowBytes), i * rowBytes)
    }
  }
  return {
    name,
    record: record.raw,
    positions: physical.map(row => row * rowBytes),
    lengths: new Float64Array(physical.length).fill(rowBytes),
    data,
  }
}

/** Distinct physical rows in ascending order, and the index of each one's value; null if they were in that order. */
function inOrder(rows: Float64Array): { physical: Float64Array; order: number[] | null } {
  if (rows.every((row, i) => i === 0 || (rows[i - 1] as number) < row)) return { physical: rows, order: null }
  const sorted = Array.from(rows.keys()).sort((a, b) => (rows[a] as number) - (rows[b] as number) || a - b)
  const order = sorted.filter((value, i) => rows[value] !== rows[sorted[i + 1] as number])
  return { physical: Float64Array.from(order, value => rows[value] as number), order }
}
