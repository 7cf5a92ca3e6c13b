import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { NumPackError } from '../format/errors.ts'
import type { ArrayRecord } from '../format/metadata.ts'
import { staysInside } from '../format/names.ts'
import type { StoreFolder } from './folder.ts'

/**
 * What a writer is about to do, in a file of its own: an array is spread over files that can't change all at once
 * (metadata, data, bitmap), and this says which of them count together. Readers of this project obey it, so that an
 * operation interrupted anywhere reads as done or as not begun; the next writer finishes or removes what it names.
 *
 * - `bitmaps`: once the metadata holds exactly `record` for an array, `bitmap` are its deleted rows, whatever lies in
 *   its bitmap file (null: none are deleted).
 * - `rows`: while the metadata holds exactly `record`, these bytes of the array are `data`, whatever the file holds.
 * - `files`: made or given up by the operation; whichever of them no array uses afterwards is removed.
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

/** As the parts of one file: "NPKI", length of a JSON header, CRC-32 of all that follows; the header; bitmaps and rows. */
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

/** Reads an intent; null when the file is not whole: its writer died before it did anything else. */
function decodeIntent(bytes: Uint8Array): Intent | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (file.length < HEADER_BYTES || file.toString('latin1', 0, 4) !== MAGIC) return null
  const body = file.subarray(HEADER_BYTES)
  if (crc32(body) !== file.readUInt32LE(8)) return null
  let at = file.readUInt32LE(4)
  const header = JSON.parse(body.toString('utf8', 0, at)) as Header
  const take = (length: number): Uint8Array => new Uint8Array(body.subarray(at, (at += length)))
  const numbers = (count: number): Float64Array => new Float64Array(take(8 * count).buffer)
  return {
    files: header.files.filter(staysInside),
    bitmaps: header.bitmaps.map(({ name, record, bytes: length }) => ({
      name,
      record: Buffer.from(record, 'base64'),
      bitmap: length === null ? null : take(length),
    })),
    rows: header.rows.map(({ name, record, runs, bytes: length }) => ({
      name,
      record: Buffer.from(record, 'base64'),
      positions: numbers(runs),
      lengths: numbers(runs),
      data: take(length),
    })),
  }
}

/** The intent that lies in a store, with what tells it from the next one. */
export interface PendingIntent {
  readonly intent: Intent
  readonly fingerprint: string
}

/** Looks for an intent. `previous` is returned itself when it is still the same. */
export function findIntent(folder: StoreFolder, previous: PendingIntent | null): PendingIntent | null {
  const path = join(folder.path, INTENT_FILE)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return null
  const fingerprint = `${stat.ino}:${stat.size}:${stat.mtimeMs}`
  if (previous?.fingerprint === fingerprint) return previous
  try {
    const intent = decodeIntent(folder.pool.readFile(path).bytes)
    return intent === null ? null : { intent, fingerprint }
  } catch (error) {
    if (error instanceof NumPackError && !existsSync(path)) return null
    throw error
  }
}

const isFor =
  (record: ArrayRecord): ((entry: { name: string; record: Uint8Array }) => boolean) =>
  entry =>
    entry.name === record.name && Buffer.compare(entry.record, record.raw) === 0

/** What an intent says of the bitmap of the array with this record, if anything. */
export const intendedBitmap = (intent: Intent, record: ArrayRecord): IntendedBitmap | undefined =>
  intent.bitmaps.find(isFor(record))

/** What an intent says of the bytes of the array with this record, if anything. */
export const intendedRows = (intent: Intent, record: ArrayRecord): IntendedRows | undefined =>
  intent.rows.find(isFor(record))
