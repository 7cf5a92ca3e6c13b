import { type Bitmap, bitmapBytesOf, decodeBitmap } from '../../format/bitmap.ts'
import { type DType, itemsize } from '../../format/dtype.ts'
import { type ErrorCode, NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import type { ArrayRecord } from '../../format/metadata.ts'
import { bitmapFileOf, isSegmentList, staysInside } from '../../format/names.ts'
import { windowsNameProblem } from '../../format/windows-names.ts'
import { decodeSegments } from '../../format/segments.ts'
import { mostBitmapBytes } from './bitmap-size.ts'
import {
  type FoundFile,
  findFile,
  stateOf,
  type HeldBytes,
  NOTHING_HELD,
  openStoreFile,
  readStoreFile,
  type StoreFolder,
} from './folder.ts'
import { identityKey } from '../../system/file-stat.ts'
import { mayRead } from '../../system/file-access.ts'
import { PooledFile } from '../../system/handles.ts'
import { TOO_MANY_BITMAPS } from '../../system/memory-share.ts'
import { sizeOf } from '../../array/indexing.ts'
import { type LoggedBitmap, loggedBitmap, type LoggedRows, loggedRows } from './write-log.ts'
import { checkedBytesOf, isSameState, isStateOf, readBitmapState } from './bitmap-state.ts'
import { overlaid } from './overlay.ts'
import { withPlainBools } from './plain-bools.ts'
import { rowsToApply } from './rows-to-apply.ts'
import { ArrayReader } from './reader.ts'
import { RowMap } from '../../array/rowmap.ts'
import { DataSource, type SourcePart } from './source.ts'
import { getWriteCount } from './write-counter.ts'

export interface ArrayInfo {
  readonly name: string
  /** null if the dtype is unknown. */
  readonly dtype: DType | null
  /** Without the deleted rows. */
  readonly shape: readonly number[]
  /** Deleted rows included. */
  readonly physicalShape: readonly number[]
  readonly deletedRows: number
  readonly sizeBytes: number
  /** Path of the data file (or of the segment list), relative to the store. */
  readonly dataFile: string
  /** Number of segment files; 0 for a single data file. */
  readonly segments: number
  /** Microseconds since 1970, as NumPack wrote it. */
  readonly lastModified: number
  readonly warnings: readonly string[]
  /** Why the array can't be read, or null. */
  readonly damaged: string | null
  /** Whether one of its files is a symbolic link, so that it is readable with `followLinks` at most. */
  readonly isBehindLink: boolean
  /** Grows whenever the array changes on disk; no two states of a name share it. */
  readonly generation: number
}

export interface StoredArray {
  readonly record: ArrayRecord
  readonly info: ArrayInfo
  /** null for a damaged array. */
  readonly reader: ArrayReader | null
  readonly error: NumPackError | null
  /** Changes when one of the array's files or the write log may have changed. */
  readonly fingerprint: string
  /** Differs when the record or the content of the files differs. */
  readonly contentKey: string
  /** `stateOf` the bitmap file; undefined if the record is damaged, so that no file was looked at. */
  readonly bitmapState: string | undefined
  readonly held: HeldBytes
  /** Parts of the write log that apply to the array; null for a damaged array. */
  readonly applied: AppliedLog | null
}

export interface AppliedLog {
  readonly bitmap: LoggedBitmap | undefined
  readonly rows: LoggedRows | undefined
}

/** Why an array can't be read: completes the sentence "array 'x': ...". */
class Damage extends Error {
  readonly code: ErrorCode

  constructor(reason: string, code: ErrorCode = 'DAMAGED') {
    super(reason)
    this.code = code
  }
}

class BehindLink extends Damage {
  constructor(what: string, name: string) {
    super(`${what} may lie outside the store (${name} is a symbolic link)`, 'PATH_ESCAPE')
  }
}

/** Stats an array's files and reads its bitmap. Faults are in the result, which is `previous` if nothing changed. */
export function openArray(
  folder: StoreFolder,
  record: ArrayRecord,
  previous: StoredArray | null,
  generation: number,
): StoredArray {
  const sameRecord = previous !== null && Buffer.compare(previous.record.raw, record.raw) === 0
  const heldByOthers = difference(folder.held ?? NOTHING_HELD, previous?.held ?? NOTHING_HELD)
  let fingerprint = ''
  let contentKey = ''
  let bitmapState: string | undefined
  try {
    if (record.problem !== null) {
      if (sameRecord) return previous
      throw new Damage(record.problem, staysInside(record.dataFile) ? 'DAMAGED' : 'PATH_ESCAPE')
    }
    const dataFile = findFile(folder, record.dataFile)
    const bitmapFile = findFile(folder, bitmapFileOf(record.name))
    const pending = folder.pending?.fingerprint ?? ''
    const writes = getWriteCount(folder.realPath, record.name)
    bitmapState = stateOf(bitmapFile)
    const files = `${stateOf(dataFile)} ${bitmapState}`
    fingerprint = `${files} ${pending} ${writes} ${readable(dataFile)} ${readable(bitmapFile)}`
    contentKey = `${files} ${Buffer.from(record.raw).toString('latin1')}`
    if (sameRecord && previous.fingerprint === fingerprint) return previous
    folder.held = heldByOthers
    if (folder.pending?.problem !== undefined) throw new Damage(folder.pending.problem.reason, 'IO')
    const opened = openHealthy(folder, record, dataFile, bitmapFile, generation)
    const held = difference(folder.held, heldByOthers)
    return { record, ...opened, error: null, fingerprint, contentKey, bitmapState, held }
  } catch (error) {
    if (!(error instanceof Damage || error instanceof NumPackError)) throw error
    folder.held = heldByOthers
    const isBehindLink = error instanceof BehindLink
    const info = { ...recordInfo(record, generation), damaged: error.message, isBehindLink }
    const damage = damagedError(folder, record, error)
    const nothing = { reader: null, held: NOTHING_HELD, applied: null }
    return { record, info, error: damage, fingerprint, contentKey, bitmapState, ...nothing }
  }
}

export const difference = (a: HeldBytes, b: HeldBytes): HeldBytes => ({
  bitmaps: a.bitmaps - b.bitmaps,
  segmentLists: a.segmentLists - b.segmentLists,
})

/** Returns the length of the used beginning of each data file in bytes. */
export function bytesInUse({ arrays }: StoreFolder): Map<string, number> {
  const most = new Map<string, number>()
  for (const { reader } of arrays?.values() ?? []) {
    for (const { name, bytes } of reader?.source.parts ?? []) most.set(name, Math.max(bytes, most.get(name) ?? 0))
  }
  return most
}

const readable = (found: FoundFile): boolean => found.kind === 'file' && mayRead(found.path, found.stat)

/** Throws `IO` beyond a limit: the array itself is not damaged, and a writer must not give up its logged rows. */
function hold(folder: StoreFolder, bytes: Partial<HeldBytes>): void {
  const { bitmaps, segmentLists } = folder.held ?? NOTHING_HELD
  const held = {
    bitmaps: bitmaps + (bytes.bitmaps ?? 0),
    segmentLists: segmentLists + (bytes.segmentLists ?? 0),
  }
  if (held.bitmaps > LIMITS.bitmapBytes) {
    throw new Damage(
      `the deletion bitmaps of a store take ${LIMITS.bitmapBytes} bytes at most, and this one is too much`,
      'IO',
    )
  }
  if (folder.memory?.bitmaps.fits(held.bitmaps) === false) throw new Damage(TOO_MANY_BITMAPS, 'IO')
  if (held.segmentLists > LIMITS.segmentListBytes) {
    throw new Damage(
      `the segment lists of a store take ${LIMITS.segmentListBytes} bytes at most, and this one is too much`,
      'IO',
    )
  }
  folder.held = held
}

const recordInfo = (record: ArrayRecord, generation: number): ArrayInfo => ({
  name: record.name,
  dtype: record.dtype,
  shape: record.shape,
  physicalShape: record.shape,
  deletedRows: 0,
  sizeBytes: 0,
  dataFile: record.dataFile,
  segments: 0,
  lastModified: record.lastModified,
  warnings: [],
  damaged: null,
  isBehindLink: false,
  generation,
})

function damagedError(folder: StoreFolder, record: ArrayRecord, cause: Damage | NumPackError): NumPackError {
  return new NumPackError(
    cause.code,
    `array '${record.name}' in ${folder.path} can't be read: ${cause.message}`,
    { path: folder.path, array: record.name, reason: cause.message },
    cause,
  )
}

function openHealthy(
  folder: StoreFolder,
  record: ArrayRecord,
  dataFile: FoundFile,
  bitmapFile: FoundFile,
  generation: number,
): { info: ArrayInfo; reader: ArrayReader; applied: AppliedLog } {
  const { name, shape: physicalShape } = record
  const dtype = record.dtype as DType
  const bytes = sizeOf(physicalShape) * itemsize(dtype)
  const data = openData(folder, record, dataFile, bytes)
  const loggedMap = bitmapToApply(folder, record, bitmapFile, bitmaps => hold(folder, { bitmaps }))
  const rows = openRowMap(folder, record, bitmapFile, loggedMap)
  const logged = folder.pending ? loggedRows(folder.pending, record) : undefined
  const onDisk = dtype === 'bool' ? withPlainBools(data.source) : data.source
  const changed = logged === undefined ? undefined : rowsToApply(onDisk, logged)
  const shape = rows === null ? physicalShape : [rows.map.activeRows, ...physicalShape.slice(1)]
  const info: ArrayInfo = {
    ...recordInfo(record, generation),
    shape,
    deletedRows: rows?.map.deletedRows ?? 0,
    sizeBytes: data.sizeBytes,
    segments: data.segments,
    warnings: [...nameWarnings(name), ...data.warnings, ...(rows?.warnings ?? [])],
  }
  const reader = new ArrayReader({
    name,
    dtype,
    shape,
    physicalShape,
    rowMap: rows?.map ?? null,
    source: changed === undefined ? data.source : overlaid(data.source, changed),
    generation,
  })
  return { info, reader, applied: { bitmap: loggedMap, rows: changed } }
}

/** Such a name works here, but prevents copying the store to Windows. */
function nameWarnings(name: string): readonly string[] {
  const problem = windowsNameProblem(name)
  return problem === null ? [] : [`its name ${problem}: it can't be copied to Windows under this name`]
}

interface OpenedData {
  readonly source: DataSource
  readonly sizeBytes: number
  readonly segments: number
  readonly warnings: readonly string[]
}

function openData(folder: StoreFolder, record: ArrayRecord, found: FoundFile, bytes: number): OpenedData {
  if (isSegmentList(record.dataFile)) return openSegments(folder, record, found, bytes)
  const file = checkFound(found, 'its data file', record.dataFile)
  const part = openPart(folder, file, record.dataFile, 0, bytes, 'data file shorter than its shape says')
  const extra = file.stat.size - bytes
  const warnings =
    extra > 0 ? [`data file longer than its shape; the rest of an interrupted append, ignored (${extra} bytes)`] : []
  return { source: new DataSource([part]), sizeBytes: file.stat.size, segments: 0, warnings }
}

function openSegments(folder: StoreFolder, record: ArrayRecord, found: FoundFile, bytes: number): OpenedData {
  const list = checkFound(found, 'its segment list', record.dataFile)
  const rows = record.shape[0] ?? 1
  const rowBytes = sizeOf(record.shape.slice(1)) * itemsize(record.dtype as DType)
  hold(folder, { segmentLists: list.stat.size })
  const { bytes: json } = readStoreFile(folder, record.dataFile, LIMITS.segmentListBytes)
  const segments = decodeSegments(json, rows, rowBytes)
  if (typeof segments === 'string') throw new Damage(segments, /outside/.test(segments) ? 'PATH_ESCAPE' : 'DAMAGED')
  let start = 0
  let sizeBytes = 0
  let extra = 0
  // A segment listed again and again would claim, and make a copy write, far more bytes than the store has.
  const inodes = new Set<string>()
  const parts = segments.map((segment, index): SourcePart => {
    const file = checkFound(findFile(folder, segment.file), `segment ${index}`, segment.file)
    if (inodes.size === inodes.add(identityKey(file.stat)).size) {
      throw new Damage(`segment ${index} is a file that its segment list named before (${segment.file})`)
    }
    const part = openPart(
      folder,
      file,
      segment.file,
      start,
      segment.bytes,
      `segment ${index} shorter than its list says`,
    )
    start += segment.bytes
    sizeBytes += file.stat.size
    extra += file.stat.size - segment.bytes
    return part
  })
  const [first, ...rest] = parts
  if (first === undefined && bytes > 0) throw new Damage('its segment list is empty')
  const warnings = extra > 0 ? [`segments longer than their list says; the rest is ignored (${extra} bytes)`] : []
  const source = new DataSource(
    first === undefined ? [openPart(folder, list, record.dataFile, 0, 0, '')] : [first, ...rest],
  )
  return { source, sizeBytes, segments: segments.length, warnings }
}

function openPart(
  folder: StoreFolder,
  file: Extract<FoundFile, { kind: 'file' }>,
  name: string,
  start: number,
  bytes: number,
  tooShort: string,
): SourcePart {
  if (file.stat.size < bytes) throw new Damage(`${tooShort} (${file.stat.size} of ${bytes} bytes)`)
  const open = (): number => openStoreFile(folder, name).fd
  return { file: new PooledFile(folder.pool, file.path, file.stat, open), name, start, bytes }
}

function checkFound(found: FoundFile, what: string, name: string): Extract<FoundFile, { kind: 'file' }> {
  if (readable(found) && found.kind === 'file') return found
  if (found.kind === 'file') throw new Damage(`the permissions of ${what} (${name}) do not allow reading it`, 'IO')
  if (found.kind === 'missing') throw new Damage(`${what} is missing (${name})`)
  if (found.kind === 'other') throw new Damage(`${what} is no file (${name})`)
  throw new BehindLink(what, name)
}

/**
 * Ignores the log if the bitmap file is neither the one before the operation nor the one after it. Calls `beforeReading`
 * with the number of bytes that it reads of the file.
 */
export function bitmapToApply(
  folder: StoreFolder,
  record: ArrayRecord,
  found: FoundFile,
  beforeReading: (bytes: number) => void = () => {},
): LoggedBitmap | undefined {
  const logged = folder.pending ? loggedBitmap(folder.pending, record) : undefined
  if (logged?.old === undefined || found.kind === 'outside' || found.kind === 'other') return logged
  const { bitmap, old } = logged
  if (found.kind === 'file') {
    if (found.stat.size !== old?.size && found.stat.size !== bitmap?.length) return undefined
    beforeReading(Math.min(found.stat.size, checkedBytesOf(record)))
  }
  const present = readBitmapState(folder, record, found)
  return isSameState(present, old) || isStateOf(present, bitmap) ? logged : undefined
}

function openRowMap(
  folder: StoreFolder,
  record: ArrayRecord,
  found: FoundFile,
  logged: LoggedBitmap | undefined,
): { map: RowMap; warnings: readonly string[] } | null {
  const [rows] = record.shape
  if (rows === undefined) return null
  if (logged?.bitmap === null || (logged === undefined && found.kind === 'missing')) return null
  const most = mostBitmapBytes(sizeOf(record.shape.slice(1)) * itemsize(record.dtype as DType))
  if (bitmapBytesOf(rows) > most) {
    throw new Damage(`its deletion bitmap for ${rows} rows has ${bitmapBytesOf(rows)} bytes; at most ${most} are read`)
  }
  if (logged?.bitmap) hold(folder, { bitmaps: logged.bitmap.length })
  const bitmap = logged?.bitmap ? decodeBitmap(logged.bitmap.slice(), rows) : readBitmap(folder, record, found, rows)
  if (typeof bitmap === 'string') throw new Damage(bitmap)
  const map = new RowMap(bitmap.words, rows)
  const warnings: string[] = []
  if (bitmap.torn) warnings.push('deletion bitmap is torn; readable without writing (rows it does not cover are shown)')
  else if (bitmap.storedDeleted !== null && bitmap.storedDeleted !== map.deletedRows) {
    warnings.push(
      `deletion bitmap says ${bitmap.storedDeleted} rows are deleted, its bits say ${map.deletedRows}; the bits decide`,
    )
  }
  return { map, warnings }
}

/** Reads at most one byte more than the array's bitmap needs. */
function readBitmap(folder: StoreFolder, record: ArrayRecord, found: FoundFile, rows: number): Bitmap | string {
  const file = bitmapFileOf(record.name)
  const { stat } = checkFound(found, 'its deletion bitmap', file)
  const most = bitmapBytesOf(rows) + 1
  hold(folder, { bitmaps: Math.min(stat.size, most) })
  return decodeBitmap(readStoreFile(folder, file, most, 'cut').bytes, rows, stat.size)
}
