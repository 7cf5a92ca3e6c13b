import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { bitmapBytesOf, decodeBitmap } from '../../format/bitmap.ts'
import { parseForeignJson } from '../../format/bounded.ts'
import { itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { ArrayRecord } from '../../format/metadata.ts'
import type { BitmapState } from './bitmap-state.ts'
import { readStoreFile, type StoreFolder } from './folder.ts'
import { areComparable } from './run-groups.ts'
import { sizeOf } from '../../array/indexing.ts'
import { type FileStat, fileState, identityKey, lstatIfThere } from '../../system/file-stat.ts'
import { ioError } from '../../system/io-error.ts'
import { TOO_MANY_WRITE_LOGS } from '../../system/memory-share.ts'

/**
 * Redo log of one operation. An array's files (metadata, data, bitmap) can't change at once; the log says which states
 * belong together. This project's readers apply it, so that an interrupted operation reads as done or as not begun; the
 * next writer finishes or undoes it.
 *
 * - `bitmaps`: while an array's metadata is exactly `record`, `bitmap` replaces its bitmap file (null: no row deleted).
 * - `rows`: while the metadata is exactly `record`, `data` replaces these bytes of the array.
 * - `files`: created or made obsolete; those that no array uses afterwards are removed.
 *
 * NumPack changes rows and bitmaps without changing the record. So that a leftover log can't undo such a change, `old`
 * holds the state before the operation: a bitmap file that is neither old nor new is left alone, and so is a run of bytes
 * that is neither old, new nor partly written.
 */
export interface WriteLog {
  readonly bitmaps: readonly LoggedBitmap[]
  readonly rows: readonly LoggedRows[]
  readonly files: readonly string[]
}

export interface LoggedBitmap {
  readonly name: string
  readonly record: Uint8Array
  readonly bitmap: Uint8Array | null
  /** State before the operation, null if there was no bitmap file; absent if unknown. */
  readonly old?: BitmapState | null
}

export interface LoggedRows {
  readonly name: string
  readonly record: Uint8Array
  /** Ascending byte offsets of the runs in the array. */
  readonly positions: Float64Array
  readonly lengths: Float64Array
  /** The runs' bytes, one after another. */
  readonly data: Uint8Array
  /** The runs' bytes before the operation; absent or null if unknown, or too many to compare (`areComparable`). */
  readonly old?: Uint8Array | null
}

/** Name of the write log. `.tmp` shows users of NumPack that it is temporary. */
export const WRITE_LOG_FILE = 'numpack-explorer.intent.tmp'

const MAGIC = 'NPKI'
const HEADER_BYTES = 12

interface Header {
  readonly bitmaps: readonly { name: string; record: string; bytes: number | null; old?: BitmapState | null }[]
  readonly rows: readonly { name: string; record: string; runs: number; bytes: number; hasOld?: boolean }[]
  readonly files: readonly string[]
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/**
 * Encodes a write log: "NPKI", length of a JSON header, CRC-32 of all that follows; the header; bitmaps and rows
 * (positions, lengths, new bytes, old bytes).
 */
export function encodeWriteLog({ bitmaps, rows, files }: WriteLog): Uint8Array[] {
  const header: Header = {
    bitmaps: bitmaps.map(({ name, record, bitmap, old }) => ({
      name,
      record: base64(record),
      bytes: bitmap?.length ?? null,
      ...(old !== undefined && { old }),
    })),
    rows: rows.map(({ name, record, positions, data, old = null }) => ({
      name,
      record: base64(record),
      runs: positions.length,
      bytes: data.length,
      hasOld: old !== null,
    })),
    files,
  }
  const json = Buffer.from(JSON.stringify(header))
  const body = [
    json,
    ...bitmaps.flatMap(({ bitmap }) => (bitmap === null ? [] : [bitmap])),
    ...rows.flatMap(({ positions, lengths, data, old }) => [
      bytesIn(positions),
      bytesIn(lengths),
      data,
      ...(old ? [old] : []),
    ]),
  ]
  const head = Buffer.alloc(HEADER_BYTES)
  head.write(MAGIC, 'latin1')
  head.writeUInt32LE(json.length, 4)
  head.writeUInt32LE(
    body.reduce((crc, part) => crc32(part, crc), 0),
    8,
  )
  return [head, ...body]
}

const bytesIn = (numbers: Float64Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

interface DecodedWriteLog {
  readonly bitmaps: ReadonlyMap<string, LoggedBitmap>
  readonly rows: ReadonlyMap<string, LoggedRows>
  readonly files: readonly string[]
  /** Memory that it takes. */
  readonly bytes: number
}

const NOTHING: DecodedWriteLog = { bitmaps: new Map(), rows: new Map(), files: [], bytes: 0 }

/** Bytes of memory for each byte of the JSON header, roughly. */
const MEMORY_OF_JSON = 4

/**
 * Decodes a write log. Returns `NOTHING` if it is incomplete (still being written, or its writer died) or invalid (it may
 * have come with the store).
 */
function decodeWriteLog(bytes: Uint8Array): DecodedWriteLog {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < HEADER_BYTES || file.toString('latin1', 0, 4) !== MAGIC) return NOTHING
  const headerBytes = file.readUInt32LE(4)
  const body = file.subarray(HEADER_BYTES)
  if (headerBytes > Math.min(body.length, LIMITS.writeLogHeaderBytes) || crc32(body) !== file.readUInt32LE(8))
    return NOTHING
  const header = parseHeader(body.subarray(0, headerBytes))
  if (header === null) return NOTHING
  let at = headerBytes
  const take = (length: number): Uint8Array => {
    const start = body.byteOffset + at
    at += length
    return new Uint8Array(body.buffer, start, length)
  }
  const numbers = (count: number): Float64Array => new Float64Array(take(8 * count).slice().buffer)
  const total =
    header.bitmaps.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0) +
    header.rows.reduce(
      (sum, { runs, bytes: length, hasOld }) => sum + 16 * runs + (hasOld === true ? 2 : 1) * length,
      0,
    )
  if (headerBytes + total !== body.length) return NOTHING
  const bitmaps = header.bitmaps.map(({ name, record, bytes: length, old }) => ({
    name,
    record: Buffer.from(record, 'base64'),
    bitmap: length === null ? null : take(length),
    ...(old !== undefined && { old }),
  }))
  const rows = header.rows.map(({ name, record, runs, bytes: length, hasOld }) => ({
    name,
    record: Buffer.from(record, 'base64'),
    positions: numbers(runs),
    lengths: numbers(runs),
    data: take(length),
    old: hasOld === true ? take(length) : null,
  }))
  if (!rows.every(areInOrder)) return NOTHING
  const isComparable = areComparable(rows.filter(({ old }) => old !== null))
  const usedRows = isComparable ? rows : rows.map(entry => ({ ...entry, old: null }))
  const parts = { bitmaps: byName(bitmaps), rows: byName(usedRows) }
  // Positions and lengths were copied. Where they are a large part of the file, copy the rest, too, to free the file.
  const copiedBytes = header.rows.reduce((sum, { runs }) => sum + 16 * runs, 0)
  const kept = copiedBytes > file.length / 4 ? copyParts(parts) : parts
  return { ...kept, files: header.files, bytes: bytesHeld(kept) + MEMORY_OF_JSON * headerBytes }
}

type Parts = Pick<DecodedWriteLog, 'bitmaps' | 'rows'>

/** Copies bitmaps and rows out of the file, whose memory is freed then. */
const copyParts = ({ bitmaps, rows }: Parts): Parts => ({
  bitmaps: byName([...bitmaps.values()].map(each => ({ ...each, bitmap: each.bitmap?.slice() ?? null }))),
  rows: byName([...rows.values()].map(each => ({ ...each, data: each.data.slice(), old: each.old?.slice() ?? null }))),
})

/** Returns how much memory bitmaps and rows take, with what readers compute from them. */
function bytesHeld({ bitmaps, rows }: Parts): number {
  let bytes = 0
  const buffers = new Set<ArrayBufferLike>()
  const add = (part: Uint8Array | null | undefined): void => {
    if (!part || buffers.has(part.buffer)) return
    buffers.add(part.buffer)
    bytes += part.buffer.byteLength
  }
  for (const { bitmap } of bitmaps.values()) add(bitmap)
  for (const { positions, data, old } of rows.values()) {
    // Positions, lengths, and the offsets that an overlay computes; copies of the runs that `rowsToApply` picks.
    bytes += 24 * positions.length + 2 * (old?.length ?? 0)
    add(data)
    add(old)
  }
  return bytes
}

const byName = <T extends { readonly name: string }>(entries: readonly T[]): Map<string, T> =>
  new Map(entries.map(entry => [entry.name, entry]))

/** Returns null unless the header is as `encodeWriteLog` writes it. */
function parseHeader(json: Uint8Array): Header | null {
  let header: unknown
  try {
    header = parseForeignJson(json)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
  if (!isObject(header)) return null
  const { bitmaps, rows, files } = header
  const isValid =
    isList(
      bitmaps,
      entry => isEntry(entry) && (entry.bytes === null || isCount(entry.bytes)) && isOldState(entry.old),
    ) &&
    isList(rows, entry => isEntry(entry) && isCount(entry.runs) && isCount(entry.bytes) && isFlag(entry.hasOld)) &&
    isList(files, file => typeof file === 'string')
  return isValid ? (header as unknown as Header) : null
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isList = (value: unknown, isRight: (entry: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isRight)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isFlag = (value: unknown): boolean => value === undefined || typeof value === 'boolean'
const isOldState = (value: unknown): boolean =>
  value === undefined || value === null || (isObject(value) && isCount(value['size']) && isCount(value['crc']))
const isEntry = (value: unknown): value is Fields =>
  isObject(value) && typeof value['name'] === 'string' && typeof value['record'] === 'string'

/** Whether the runs ascend without overlap and `data` has their length. */
function areInOrder({ positions, lengths, data }: LoggedRows): boolean {
  let end = 0
  let bytes = 0
  for (let run = 0; run < positions.length; run++) {
    const position = positions[run] as number
    const length = lengths[run] as number
    if (!Number.isSafeInteger(position) || position < end || !Number.isSafeInteger(length) || length < 1) return false
    end = position + length
    bytes += length
  }
  return bytes === data.length && Number.isSafeInteger(end)
}

export interface PendingWriteLog extends DecodedWriteLog {
  /** State of the file at the last look. */
  readonly state: string
  readonly fileBytes: number
  /** Differs when the content differs. */
  readonly fingerprint: string
  /** Whether `keepEntriesOf` dropped entries. */
  readonly isPartial?: true
  /** Set if the log does not fit into memory: the reason, and the bytes it needs. No array may be shown then. */
  readonly problem?: { readonly reason: string; readonly bytes: number }
}

/** Drops the entries about other records, which may be of any size. */
export function keepEntriesOf(
  records: readonly ArrayRecord[],
  writeLog: PendingWriteLog | null,
): PendingWriteLog | null {
  if (writeLog === null) return null
  const bitmaps = new Map<string, LoggedBitmap>()
  const rows = new Map<string, LoggedRows>()
  for (const record of records) {
    const bitmap = loggedBitmap(writeLog, record)
    if (bitmap !== undefined) bitmaps.set(record.name, bitmap)
    const changed = loggedRows(writeLog, record)
    if (changed !== undefined) rows.set(record.name, changed)
  }
  if (bitmaps.size === writeLog.bitmaps.size && rows.size === writeLog.rows.size) return writeLog
  const kept = copyParts({ bitmaps, rows })
  const bytes = writeLog.bytes - bytesHeld(writeLog) + bytesHeld(kept)
  return { ...writeLog, ...kept, bytes, isPartial: true }
}

/**
 * Reads the write log; null if there is none. Keeps what `previous` holds while the content is the same. A log of more than
 * `LIMITS.writeLogBytes` counts as empty. Users who may not read the log's arrays may not read the log either: to readers it
 * is then empty, to writers, who must not ignore it, an error (`IO`). If it does not fit into memory beside the logs of
 * other stores, readers get one with a `problem`.
 */
export function findWriteLog(
  folder: StoreFolder,
  previous: PendingWriteLog | null,
  purpose: 'reading' | 'writing' = 'reading',
): PendingWriteLog | null {
  const stat = statLog(folder)
  if (stat === null) return null
  const state = fileState(stat)
  const fits = (bytes: number): boolean => purpose === 'writing' || folder.memory?.writeLogs.fits(bytes) !== false
  if (previous?.state === state && !(previous.problem && fits(previous.problem.bytes))) return previous
  const unread = { ...NOTHING, state, fileBytes: stat.size, fingerprint: state }
  if (stat.size > LIMITS.writeLogBytes) return unread
  const tooLarge = (bytes: number): PendingWriteLog => ({ ...unread, problem: { reason: TOO_MANY_WRITE_LOGS, bytes } })
  try {
    if (previous !== null && previous.fingerprint === readFingerprint(folder)) return { ...previous, state }
    if (!fits(stat.size)) return tooLarge(stat.size)
    const read = readStoreFile(folder, WRITE_LOG_FILE, LIMITS.writeLogBytes)
    const decoded = decodeWriteLog(read.bytes)
    // A writer may still be writing the rest: read the log again when the file's state changes.
    if (decoded === NOTHING) return unread
    if (!fits(decoded.bytes)) return tooLarge(decoded.bytes)
    return { ...unread, ...decoded, fingerprint: fingerprintOf(read) }
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    if (purpose === 'reading' && error.details['errno'] === 'EACCES') return unread
    if (error.code === 'NOT_FOUND' || statLog(folder) === null) return null
    throw error
  }
}

/** Whether the store has a write log: of an active writer, of one that died, or one that came with the store. */
export const hasWriteLog = (folder: StoreFolder): boolean => statLog(folder) !== null

/** Whether the write log on disk still has the content of `previous`. Reads only its beginning. */
export function isSameWriteLog(folder: StoreFolder, previous: PendingWriteLog | null): boolean {
  const stat = statLog(folder)
  if (previous === null || stat === null) return previous === null && stat === null
  if (previous.state === fileState(stat)) return true
  try {
    return previous.fingerprint === readFingerprint(folder)
  } catch (error) {
    if (error instanceof NumPackError) return false
    throw error
  }
}

const readFingerprint = (folder: StoreFolder): string =>
  fingerprintOf(readStoreFile(folder, WRITE_LOG_FILE, HEADER_BYTES, 'cut'))

/** Identifies a valid write log: its beginning has the checksum of all that follows. */
const fingerprintOf = ({ bytes, stat }: { bytes: Uint8Array; stat: FileStat }): string =>
  `${identityKey(stat)}:${stat.size}:${Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString('hex')}`

/**
 * Returns null if there is no write log; a link or a folder is none. It is the first file of a store that is looked at,
 * so an error names the store's folder.
 */
function statLog({ path }: StoreFolder): FileStat | null {
  try {
    const stat = lstatIfThere(join(path, WRITE_LOG_FILE))
    return stat?.isFile() === true ? stat : null
  } catch (error) {
    throw ioError(error, path, 'open')
  }
}

const isFor = (record: ArrayRecord, entry: { record: Uint8Array } | undefined): boolean =>
  entry !== undefined && Buffer.compare(entry.record, record.raw) === 0

/** Returns undefined if there is no valid entry. */
export function loggedBitmap(writeLog: PendingWriteLog, record: ArrayRecord): LoggedBitmap | undefined {
  const entry = writeLog.bitmaps.get(record.name)
  const [rows] = record.shape
  if (entry === undefined || rows === undefined || record.problem !== null || !isFor(record, entry)) return undefined
  const { bitmap } = entry
  if (bitmap === null) return entry
  const isValid = bitmap.length === bitmapBytesOf(rows) && typeof decodeBitmap(bitmap, rows) !== 'string'
  return isValid ? entry : undefined
}

export function loggedRows(writeLog: PendingWriteLog, record: ArrayRecord): LoggedRows | undefined {
  const entry = writeLog.rows.get(record.name)
  if (entry === undefined || record.dtype === null || record.problem !== null || !isFor(record, entry)) return undefined
  const last = entry.positions.length - 1
  const end = last < 0 ? 0 : (entry.positions[last] as number) + (entry.lengths[last] as number)
  return end <= sizeOf(record.shape) * itemsize(record.dtype) ? entry : undefined
}
