import { type DType, codeOfDtype, dtypeOfCode, itemsize } from './dtype.ts'
import { NumPackError } from './errors.ts'
import { LIMITS } from './limits.ts'
import { liesTooDeep, METADATA_FILE, nameProblem, staysInside } from './names.ts'
import { decodeText, excerpt, firstFew } from './short-text.ts'
import { METADATA_VERSION } from './versions.ts'

/** `metadata.npkm`: the arrays of a store (docs/format.md 1.1). All integers are little-endian. */

const MAGIC = 'NPKB'
const HEADER_BYTES = 20
/** Size of a record without its name, data file and shape. */
const MIN_RECORD_BYTES = 51
const BLOCK_BYTES = 24
/** NumPy's limit: the bytes of an array, axes of length 0 excluded, fit into an int64. */
const MAX_CLAIMED_BYTES = 2 ** 63 - 1024
/** Prefix of the map keys of names that are not UTF-8: a lone surrogate, which UTF-8 never decodes to. */
const NO_TEXT = '\udc00'

export interface ArrayRecord {
  readonly name: string
  /** Shape on disk, deleted rows included. */
  readonly shape: readonly number[]
  /** Path relative to the store. */
  readonly dataFile: string
  /** Microseconds since 1970. */
  readonly lastModified: number
  readonly sizeBytes: number
  readonly dtypeCode: number
  readonly dtype: DType | null
  /** Bytes of the record, to write it back unchanged. */
  readonly raw: Uint8Array
  readonly problem: string | null
}

export interface Metadata {
  readonly version: number
  readonly totalSize: number
  readonly records: readonly ArrayRecord[]
  readonly warnings: readonly string[]
}

/** Reads fields in order; a field that goes beyond the end is an error that names it. */
class FieldReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  readonly #file: string
  offset = 0

  constructor(bytes: Uint8Array, file: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#file = file
  }

  get remaining(): number {
    return this.#bytes.length - this.offset
  }

  skip(field: string, length: number): number {
    const { offset } = this
    if (length > this.remaining) {
      throw damaged(
        this.#file,
        `metadata ends inside a record: ${field} at byte ${offset} needs ${length} bytes, ${this.remaining} are left`,
        { field, offset },
      )
    }
    this.offset += length
    return offset
  }

  u8(field: string): number {
    return this.#view.getUint8(this.skip(field, 1))
  }

  u32(field: string): number {
    return this.#view.getUint32(this.skip(field, 4), true)
  }

  exactU64(field: string): bigint {
    return this.#view.getBigUint64(this.skip(field, 8), true)
  }

  /** Reads a number: exact up to 2^53, otherwise the nearest double. */
  u64(field: string): number {
    return Number(this.exactU64(field))
  }

  bytes(field: string): Uint8Array {
    const length = this.u32(`length of ${field}`)
    const start = this.skip(field, length)
    return this.#bytes.subarray(start, start + length)
  }
}

const damaged = (file: string, what: string, details: Record<string, unknown>): NumPackError =>
  new NumPackError('DAMAGED', `${file}: ${what}. Restore the file from a backup; nothing was changed.`, {
    file,
    ...details,
  })

/**
 * If records share a name, the last one counts. Throws `DAMAGED` (details: field, offset) or `NEWER_VERSION`; a problem
 * of a single record is in its `problem`.
 */
export function decodeMetadata(bytes: Uint8Array, file: string = METADATA_FILE): Metadata {
  checkMetadataSize(bytes.length, file)
  if (bytes.length === 0) throw damaged(file, 'metadata is empty', { field: 'magic', offset: 0 })
  if (latin1(bytes.subarray(0, 4)) !== MAGIC) throw notMetadata(bytes, file)
  if (bytes.length < HEADER_BYTES) {
    throw damaged(file, `metadata ends inside its header (${bytes.length} of ${HEADER_BYTES} bytes)`, {
      field: 'header',
      offset: bytes.length,
    })
  }
  const reader = new FieldReader(bytes, file)
  reader.offset = 4
  const version = reader.u32('version')
  if (version !== METADATA_VERSION) {
    throw new NumPackError(
      'NEWER_VERSION',
      `${file}: written by a newer NumPack (format version ${version}; this program reads version ${METADATA_VERSION}). Update this program.`,
      { file, version, field: 'version', offset: 4 },
    )
  }
  const totalSize = reader.u64('total_size')
  const count = reader.u32('count')
  if (count > LIMITS.records) throw tooManyRecords(file, count, reader.remaining)
  const records = new Map<string, ArrayRecord>()
  const repeated: string[] = []
  let repetitions = 0
  for (let i = 0; i < count; i++) {
    if (reader.remaining === 0) throw beyondFile(file, count, `ends after ${i}`)
    const { record, isText } = readRecord(reader, bytes, i)
    const key = isText ? record.name : `${NO_TEXT}${record.name}`
    if (records.delete(key) && ++repetitions <= LIMITS.warnings) {
      repeated.push(`two records '${excerpt(record.name)}' in the metadata: the last one counts`)
    }
    records.set(key, record)
  }
  return { version, totalSize, records: withOwnNames(records), warnings: firstFew(repeated, repetitions) }
}

/** Appends a backslash to each escaped name that equals another name; no escaped name ends with one. */
function withOwnNames(records: ReadonlyMap<string, ArrayRecord>): ArrayRecord[] {
  return Array.from(records, ([key, record]) => {
    if (!key.startsWith(NO_TEXT)) return record
    let { name } = record
    while (records.has(name)) name += '\\'
    return name === record.name ? record : { ...record, name }
  })
}

/** Escapes a name that is not UTF-8: non-ASCII bytes and the backslash, as `\xff`. Different names stay different. */
const escapedName = (bytes: Uint8Array): string =>
  latin1(bytes).replaceAll(/[\x80-\xff\\]/g, byte => `\\x${byte.charCodeAt(0).toString(16)}`)

function checkMetadataSize(size: number, file: string): void {
  if (size > LIMITS.metadataBytes) {
    throw damaged(file, `metadata has ${size} bytes; at most ${LIMITS.metadataBytes} are read`, {
      size,
      limit: LIMITS.metadataBytes,
    })
  }
}

const beyondFile = (file: string, count: number, end: string): NumPackError =>
  damaged(file, `record count beyond the file: ${count} records, but the file ${end}`, { field: 'count', offset: 16 })

const tooManyRecords = (file: string, count: number, bytes: number): NumPackError =>
  count * MIN_RECORD_BYTES > bytes
    ? beyondFile(file, count, `has room for ${Math.floor(bytes / MIN_RECORD_BYTES)} at most`)
    : damaged(file, `metadata of ${count} arrays; at most ${LIMITS.records} are opened`, {
        field: 'count',
        offset: 16,
        limit: LIMITS.records,
      })

/** NumPack up to 0.2.1 wrote MessagePack under the same name: a map (0x80-0x8f, 0xde, 0xdf) with the key "arrays". */
function notMetadata(bytes: Uint8Array, file: string): NumPackError {
  const details = { field: 'magic', offset: 0 }
  const first = bytes[0] ?? 0
  if (
    ((first & 0xf0) === 0x80 || first === 0xde || first === 0xdf) &&
    latin1(bytes.subarray(1, 64)).includes('arrays')
  ) {
    return new NumPackError(
      'DAMAGED',
      `${file}: old NumPack (0.2 or earlier) metadata. Open and save the store once with NumPack 0.3 to 0.7 to convert it.`,
      { file, ...details },
    )
  }
  return damaged(file, 'not NumPack metadata: it does not begin with "NPKB"', details)
}

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

function readRecord(
  reader: FieldReader,
  bytes: Uint8Array,
  index: number,
): { readonly record: ArrayRecord; readonly isText: boolean } {
  const start = reader.offset
  const nameBytes = reader.bytes('name')
  const name = decodeText(nameBytes)
  const ndim = reader.u32('ndim')
  if (ndim * 8 > reader.remaining || ndim > LIMITS.axes) reader.skip('shape', ndim * 8)
  const exactShape: bigint[] = []
  if (ndim <= LIMITS.axes) for (let axis = 0; axis < ndim; axis++) exactShape.push(reader.exactU64(`shape[${axis}]`))
  const shape = exactShape.map(Number)
  const dataFileBytes = reader.bytes('data_file')
  const dataFile = decodeText(dataFileBytes)
  const lastModified = reader.u64('last_modified')
  const sizeBytes = reader.u64('size_bytes')
  const dtypeCode = reader.u8('dtype')
  const algorithm = reader.u8('compression.algorithm')
  reader.skip('compression', 20)
  if (reader.u8('compression.blocks') !== 0) {
    reader.skip('compression.blocks', 17)
    reader.skip('compression.block_list', reader.u32('compression.block_count') * BLOCK_BYTES)
  }
  const dtype = dtypeOfCode(dtypeCode) ?? null
  const record = {
    name: recordName(),
    shape,
    dataFile: dataFile.text,
    lastModified,
    sizeBytes,
    dtypeCode,
    dtype,
    raw: bytes.subarray(start, reader.offset),
    problem: recordProblem(),
  }
  return { record, isText: name.valid }

  /** Keeps different names apart, so that none counts as a repetition and is lost when the metadata is rewritten. */
  function recordName(): string {
    if (name.isCut) return `${name.text} #${index}`
    return name.valid ? name.text : escapedName(nameBytes)
  }

  function recordProblem(): string | null {
    if (name.isCut) return `its name has ${nameBytes.length} bytes; at most ${LIMITS.nameBytes} are allowed`
    if (!name.valid) return 'its name is not UTF-8'
    const badName = nameProblem(name.text)
    if (badName !== null) return `its name ${badName}`
    if (dtype === null) return `unknown dtype ${dtypeCode}`
    if (algorithm !== 0) return `compressed in an unknown way (algorithm ${algorithm})`
    if (ndim > LIMITS.axes) return `it has ${ndim} axes; at most ${LIMITS.axes} are possible`
    if (overflows(shape, dtype)) {
      return `shape overflows: ${excerpt(exactShape.join(' x '))} elements of ${itemsize(dtype)} bytes`
    }
    if (dataFileBytes.length > LIMITS.fileNameBytes) {
      return `its data file has a name of ${dataFileBytes.length} bytes; at most ${LIMITS.fileNameBytes} are allowed`
    }
    const file = excerpt(dataFile.text)
    if (!dataFile.valid || !staysInside(dataFile.text)) return `its data file lies outside the store (${file})`
    if (liesTooDeep(dataFile.text))
      return `its data file lies too deep in the store (${file}); it can be in one folder at most`
    if (!/\.(?:npkd|npkseg)$/.test(dataFile.text)) return `its data file '${file}' is no .npkd or .npkseg`
    return null
  }
}

/** Whether this shape can't be addressed. As in NumPy, axes beside one of length 0 must fit too. */
function overflows(shape: readonly number[], dtype: DType): boolean {
  if (!shape.every(Number.isSafeInteger)) return true
  const bytes = shape.reduce((product, length) => product * (length || 1), itemsize(dtype))
  return shape.includes(0) ? bytes > MAX_CLAIMED_BYTES : !Number.isSafeInteger(bytes)
}

export type RecordToWrite =
  | Pick<ArrayRecord, 'raw' | 'sizeBytes'>
  | (Pick<ArrayRecord, 'name' | 'shape' | 'dataFile' | 'lastModified' | 'sizeBytes'> & { readonly dtype: DType })

/** Encodes a `metadata.npkm` of format version 1. Throws `ARGUMENT` if it exceeds what decodeMetadata reads. */
export function encodeMetadata(records: readonly RecordToWrite[]): Uint8Array {
  if (records.length > LIMITS.records) {
    throw new NumPackError(
      'ARGUMENT',
      `${records.length} arrays in one store; at most ${LIMITS.records} are possible`,
      {
        limit: LIMITS.records,
      },
    )
  }
  const encoded = records.map(record => ('raw' in record ? record.raw : encodeRecord(record)))
  const size = HEADER_BYTES + encoded.reduce((sum, bytes) => sum + bytes.length, 0)
  if (size > LIMITS.metadataBytes) {
    throw new NumPackError(
      'ARGUMENT',
      `the names and shapes of ${records.length} arrays take ${size} bytes; at most ${LIMITS.metadataBytes} are possible in one store`,
      { size, limit: LIMITS.metadataBytes },
    )
  }
  const out = new Uint8Array(size)
  const view = new DataView(out.buffer)
  new TextEncoder().encodeInto(MAGIC, out)
  view.setUint32(4, METADATA_VERSION, true)
  view.setBigUint64(8, BigInt(records.reduce((sum, record) => sum + record.sizeBytes, 0)), true)
  view.setUint32(16, records.length, true)
  let offset = HEADER_BYTES
  for (const bytes of encoded) {
    out.set(bytes, offset)
    offset += bytes.length
  }
  return out
}

function encodeRecord(record: Exclude<RecordToWrite, { raw: Uint8Array }>): Uint8Array {
  const utf8 = new TextEncoder()
  const name = utf8.encode(record.name)
  const dataFile = utf8.encode(record.dataFile)
  const out = new Uint8Array(MIN_RECORD_BYTES + name.length + dataFile.length + 8 * record.shape.length)
  const view = new DataView(out.buffer)
  let offset = 0
  const u32 = (value: number) => {
    view.setUint32(offset, value, true)
    offset += 4
  }
  const u64 = (value: number) => {
    view.setBigUint64(offset, BigInt(value), true)
    offset += 8
  }
  const text = (bytes: Uint8Array) => {
    u32(bytes.length)
    out.set(bytes, offset)
    offset += bytes.length
  }
  text(name)
  u32(record.shape.length)
  for (const length of record.shape) u64(length)
  text(dataFile)
  u64(record.lastModified)
  u64(record.sizeBytes)
  view.setUint8(offset, codeOfDtype(record.dtype))
  return out
}
