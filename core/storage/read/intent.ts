import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { bitmapBytesOf, decodeBitmap } from '../../format/bitmap.ts'
import { itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { ArrayRecord } from '../../format/metadata.ts'
import { readStoreFile, type StoreFolder } from './folder.ts'
import { sizeOf } from '../../array/indexing.ts'
import { fileState, lstatIfThere } from '../../system/file-stat.ts'

/**
 * What a writer is about to do, in a file of its own: an array is spread over files that can't change all at once
 * (metadata, data, bitmap), and this says which of them count together. Readers of this project obey it, so that an
 * operation interrupted anywhere reads as done or as not begun; the next writer finishes or removes what it names.
 *
 * - `bitmaps`: once the metadata holds exactly `record` for an array, `bitmap` are its deleted rows, whatever lies in
 *   its bitmap file (null: none are deleted).
 * - `rows`: while the metadata holds exactly `record`, these bytes of the array are `data`, whatever the file holds.
 * - `files`: created or made obsolete by the operation; those that no array uses afterwards are removed.
 */
export interface Intent {
  readonly bitmaps: readonly IntendedBitmap[]
  readonly rows: readonly IntendedRows[]
  readonly files: readonly string[]
}

export interface IntendedBitmap {
  readonly name: string
  readonly record: Uint8Array
  readonly bitmap: Uint8Array | null
}

export interface IntendedRows {
  readonly name: string
  readonly record: Uint8Array
  /** Where each run begins in the array, in bytes, in ascending order. */
  readonly positions: Float64Array
  readonly lengths: Float64Array
  /** The runs' bytes, one after another. */
  readonly data: Uint8Array
}

/** Ends with `.tmp`, as what NumPack's users know as the rest of an interrupted write. */
export const INTENT_FILE = 'numpack-explorer.intent.tmp'

const MAGIC = 'NPKI'
const HEADER_BYTES = 12

interface Header {
  readonly bitmaps: readonly { name: string; record: string; bytes: number | null }[]
  readonly rows: readonly { name: string; record: string; runs: number; bytes: number }[]
  readonly files: readonly string[]
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/**
 * As the parts of one file: "NPKI", length of a JSON header, CRC-32 of all that follows; the header; bitmaps and rows.
 */
export function encodeIntent({ bitmaps, rows, files }: Intent): Uint8Array[] {
  const header: Header = {
    bitmaps: bitmaps.map(({ name, record, bitmap }) => ({
      name,
      record: base64(record),
      bytes: bitmap?.length ?? null,
    })),
    rows: rows.map(({ name, record, positions, data }) => ({
      name,
      record: base64(record),
      runs: positions.length,
      bytes: data.length,
    })),
    files,
  }
  const json = Buffer.from(JSON.stringify(header))
  const body = [
    json,
    ...bitmaps.flatMap(({ bitmap }) => (bitmap === null ? [] : [bitmap])),
    ...rows.flatMap(({ positions, lengths, data }) => [bytesIn(positions), bytesIn(lengths), data]),
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

/** What lies in an intent file, by the names of the arrays. */
interface DecodedIntent {
  readonly bitmaps: ReadonlyMap<string, IntendedBitmap>
  readonly rows: ReadonlyMap<string, IntendedRows>
  readonly files: readonly string[]
}

const NOTHING: DecodedIntent = { bitmaps: new Map(), rows: new Map(), files: [] }

/**
 * Reads an intent. One that is not whole says nothing: its writer died before it did anything else. Nor does one that is not
 * exactly as this project writes it: it may have come with the store.
 */
function decodeIntent(bytes: Uint8Array): DecodedIntent {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < HEADER_BYTES || file.toString('latin1', 0, 4) !== MAGIC) return NOTHING
  const headerBytes = file.readUInt32LE(4)
  const body = file.subarray(HEADER_BYTES)
  if (headerBytes > Math.min(body.length, LIMITS.intentHeaderBytes) || crc32(body) !== file.readUInt32LE(8))
    return NOTHING
  const header = parseHeader(body.toString('utf8', 0, headerBytes))
  if (header === null) return NOTHING
  let at = headerBytes
  const take = (length: number): Uint8Array =>
    new Uint8Array(body.buffer, body.byteOffset + (at += length) - length, length)
  const numbers = (count: number): Float64Array => new Float64Array(take(8 * count).slice().buffer)
  const total =
    header.bitmaps.reduce((sum, entry) => sum + (entry.bytes ?? 0), 0) +
    header.rows.reduce((sum, { runs, bytes: length }) => sum + 16 * runs + length, 0)
  if (headerBytes + total !== body.length) return NOTHING
  const bitmaps = header.bitmaps.map(({ name, record, bytes: length }) => ({
    name,
    record: Buffer.from(record, 'base64'),
    bitmap: length === null ? null : take(length),
  }))
  const rows = header.rows.map(({ name, record, runs, bytes: length }) => ({
    name,
    record: Buffer.from(record, 'base64'),
    positions: numbers(runs),
    lengths: numbers(runs),
    data: take(length),
  }))
  if (!rows.every(areInOrder)) return NOTHING
  return { bitmaps: byName(bitmaps), rows: byName(rows), files: header.files }
}

const byName = <T extends { readonly name: string }>(entries: readonly T[]): Map<string, T> =>
  new Map(entries.map(entry => [entry.name, entry]))

/** The JSON part; null where it is not one that `encodeIntent` writes. */
function parseHeader(json: string): Header | null {
  let header: unknown
  try {
    header = JSON.parse(json)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    return null
  }
  if (!isObject(header)) return null
  const { bitmaps, rows, files } = header
  const isWhole =
    isList(bitmaps, entry => isEntry(entry) && (entry.bytes === null || isCount(entry.bytes))) &&
    isList(rows, entry => isEntry(entry) && isCount(entry.runs) && isCount(entry.bytes)) &&
    isList(files, file => typeof file === 'string')
  return isWhole ? (header as unknown as Header) : null
}

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isList = (value: unknown, isRight: (entry: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isRight)
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isEntry = (value: unknown): value is Fields =>
  isObject(value) && typeof value['name'] === 'string' && typeof value['record'] === 'string'

/** Whether runs follow each other, and their bytes are those that are there. */
function areInOrder({ positions, lengths, data }: IntendedRows): boolean {
  let end = 0
  let bytes = 0
  for (const [run, position] of positions.entries()) {
    const length = lengths[run] as number
    if (!Number.isSafeInteger(position) || position < end || !Number.isSafeInteger(length) || length < 1) return false
    end = position + length
    bytes += length
  }
  return bytes === data.length && Number.isSafeInteger(end)
}

/** The intent that lies in a store, with what tells it from the next one. */
export interface PendingIntent extends DecodedIntent {
  readonly fingerprint: string
  /** Whether entries are left out that are about other records than the store had (`forRecords`). */
  readonly isPartial?: true
}

/**
 * An intent with what it says of these records alone: what else is in it may be of any size. `intent` itself where that
 * is all.
 */
export function forRecords<T extends PendingIntent | null>(
  intent: T,
  records: readonly ArrayRecord[],
): T | PendingIntent {
  if (intent === null) return intent
  const bitmaps = new Map<string, IntendedBitmap>()
  const rows = new Map<string, IntendedRows>()
  for (const record of records) {
    const bitmap = intendedBitmap(intent, record)
    if (bitmap !== undefined) bitmaps.set(record.name, bitmap)
    const changed = intendedRows(intent, record)
    if (changed !== undefined) rows.set(record.name, changed)
  }
  if (bitmaps.size === intent.bitmaps.size && rows.size === intent.rows.size) return intent
  // What is kept is copied, so that the rest of the file is let go.
  return {
    ...intent,
    bitmaps: byName([...bitmaps.values()].map(each => ({ ...each, bitmap: each.bitmap?.slice() ?? null }))),
    rows: byName([...rows.values()].map(each => ({ ...each, data: Uint8Array.from(each.data) }))),
    isPartial: true,
  }
}

/**
 * Looks for an intent. `previous` is returned itself when it is still the same. One that this user may not read is none for
 * readers, because it has the permissions of the arrays that it is about; who writes must not pass it over (`IO`).
 */
export function findIntent(
  folder: StoreFolder,
  previous: PendingIntent | null,
  purpose: 'reading' | 'writing' = 'reading',
): PendingIntent | null {
  const path = join(folder.path, INTENT_FILE)
  const stat = lstatIfThere(path)
  if (stat?.isFile() !== true) return null
  const fingerprint = fileState(stat)
  if (previous?.fingerprint === fingerprint) return previous
  if (stat.size > LIMITS.intentBytes) return { ...NOTHING, fingerprint }
  try {
    return { ...decodeIntent(readStoreFile(folder, INTENT_FILE, LIMITS.intentBytes).bytes), fingerprint }
  } catch (error) {
    if (!(error instanceof NumPackError)) throw error
    if (purpose === 'reading' && error.details['errno'] === 'EACCES') return { ...NOTHING, fingerprint }
    if (error.code === 'NOT_FOUND' || lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) return null
    throw error
  }
}

const isFor = (record: ArrayRecord, entry: { record: Uint8Array } | undefined): boolean =>
  entry !== undefined && Buffer.compare(entry.record, record.raw) === 0

/** What an intent says of the bitmap of the array with this record, if anything that can be. */
export function intendedBitmap(intent: PendingIntent, record: ArrayRecord): IntendedBitmap | undefined {
  const entry = intent.bitmaps.get(record.name)
  const [rows] = record.shape
  if (entry === undefined || rows === undefined || record.problem !== null || !isFor(record, entry)) return undefined
  const { bitmap } = entry
  if (bitmap === null) return entry
  const isWhole = bitmap.length === bitmapBytesOf(rows) && typeof decodeBitmap(bitmap, rows) !== 'string'
  return isWhole ? entry : undefined
}

/** What an intent says of the bytes of the array with this record, if anything that can be. */
export function intendedRows(intent: PendingIntent, record: ArrayRecord): IntendedRows | undefined {
  const entry = intent.rows.get(record.name)
  if (entry === undefined || record.dtype === null || record.problem !== null || !isFor(record, entry)) return undefined
  const last = entry.positions.length - 1
  const end = last < 0 ? 0 : (entry.positions[last] as number) + (entry.lengths[last] as number)
  return end <= sizeOf(record.shape) * itemsize(record.dtype) ? entry : undefined
}
