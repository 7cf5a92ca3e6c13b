import { Buffer } from 'node:buffer'
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { itemsize } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { type ArrayRecord, decodeMetadata, encodeMetadata, type RecordToWrite } from '../format/metadata.ts'
import { METADATA_FILE, nameProblem, staysInside } from '../format/names.ts'
import { entryNameProblem, isPackedFile } from '../format/npkg.ts'
import { decodeSegments } from '../format/segments.ts'
import { type FoundFile, findFile, fingerprintOf, type StoreFolder } from '../storage/folder.ts'
import { handles } from '../storage/handles.ts'
import { sizeOf } from '../storage/indexing.ts'
import { INTENT_FILE } from '../storage/intent.ts'
import { ioError } from '../storage/ioerror.ts'

/** A run of bytes at the beginning of a file. */
interface FilePart {
  readonly path: string
  readonly bytes: number
}

/** One entry of a package to be: bytes at hand, or files that follow each other. */
export interface EntryToPack {
  readonly name: string
  readonly size: number
  readonly content: Uint8Array | readonly FilePart[]
}

/** What of a store goes into its package, as of one look at the disk. */
export interface StoreFiles {
  /** Sorted by name, as NumPack does it (by code points). */
  readonly entries: readonly EntryToPack[]
  readonly bytes: number
  /** Differs when any of the files changed in between. */
  readonly fingerprint: string
}

/**
 * Looks at what a store's package has to hold: metadata, data files, bitmaps; a segmented array as the one data file
 * that its segments make. No data is read. Throws `NOT_FOUND`, `NOT_A_STORE`, `DAMAGED` or `NEWER_VERSION` for the store
 * as a whole, and `DAMAGED` or `PATH_ESCAPE` where an array's data can't be found: nothing is left out silently.
 */
export function storeFiles(path: string): StoreFiles {
  const folder = openFolder(path)
  checkSettled(folder)
  const metadataPath = join(folder.path, METADATA_FILE)
  const { bytes: metadata, stat } = readMetadata(folder, metadataPath)
  const seen: string[] = [fingerprintOf({ kind: 'file', path: metadataPath, stat })]
  const entries = new Map<string, EntryToPack>()
  for (const name of readdirSync(folder.path)) {
    if (name === METADATA_FILE || !isPackedFile(name)) continue
    const file = findFile(folder, name)
    seen.push(`${name} ${fingerprintOf(file)}`)
    if (file.kind === 'outside')
      throw unpackable(folder, `its file ${name} is a symbolic link that leads out of it`, 'PATH_ESCAPE')
    if (file.kind === 'file') entries.set(name, wholeFile(name, file))
  }
  const { records } = decodeMetadata(metadata, metadataPath)
  const taken = new Set(records.map(({ dataFile }) => dataFile))
  const rewritten = records.map(record => packRecord(folder, record, entries, taken, seen))
  const content = rewritten.some((record, i) => record !== records[i]) ? encodeMetadata(rewritten) : metadata
  entries.set(METADATA_FILE, { name: METADATA_FILE, size: content.length, content })
  const sorted = Array.from(entries.values(), entry => ({ entry, key: Buffer.from(entry.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry)
  return {
    entries: sorted,
    bytes: sorted.reduce((sum, { size }) => sum + size, 0),
    fingerprint: `${seen.sort().join('\n')}\n${Buffer.from(metadata).toString('latin1')}`,
  }
}

/**
 * Throws `CHANGED_ON_DISK` while a writer of this project is at work: its files count only together with what it is about
 * to do (Intent), which a package can't hold.
 */
function checkSettled(folder: StoreFolder): void {
  if (!existsSync(join(folder.path, INTENT_FILE))) return
  throw new NumPackError(
    'CHANGED_ON_DISK',
    `${folder.path} is being written to, or a write to it was interrupted. Pack it when the other program is done; what was interrupted is completed by the next write to the store.`,
    { path: folder.path },
  )
}

function openFolder(path: string): StoreFolder {
  const absolute = resolve(path)
  try {
    if (statSync(absolute).isDirectory()) {
      return { path: absolute, realPath: realpathSync.native(absolute), pool: handles }
    }
  } catch (error) {
    throw ioError(error, absolute, 'open')
  }
  throw new NumPackError('NOT_A_STORE', `${absolute} is no NumPack store: it is not a folder.`, { path: absolute })
}

function readMetadata(folder: StoreFolder, path: string): ReturnType<StoreFolder['pool']['readFile']> {
  try {
    return folder.pool.readFile(path)
  } catch (error) {
    if (!(error instanceof NumPackError) || error.code !== 'NOT_FOUND') throw error
    throw new NumPackError(
      'NOT_A_STORE',
      `${folder.path} is no NumPack store: it has no metadata file (${METADATA_FILE}).`,
      { path: folder.path },
    )
  }
}

const wholeFile = (name: string, { path, stat }: Extract<FoundFile, { kind: 'file' }>): EntryToPack => ({
  name,
  size: stat.size,
  content: [{ path, bytes: stat.size }],
})

/** Sees to it that a record's data is among the entries; returns the record as the package's metadata has it. */
function packRecord(
  folder: StoreFolder,
  record: ArrayRecord,
  entries: Map<string, EntryToPack>,
  taken: Set<string>,
  seen: string[],
): ArrayRecord | RecordToWrite {
  const { name, dataFile, problem } = record
  if (entries.has(dataFile)) return record
  if (problem !== null || record.dtype === null) {
    throw lost(folder, name, problem ?? 'unknown dtype', staysInside(dataFile) ? 'DAMAGED' : 'PATH_ESCAPE')
  }
  const file = checked(folder, name, dataFile, findFile(folder, dataFile))
  seen.push(`${dataFile} ${fingerprintOf(file)}`)
  let packedName = `data_${name}.npkd`
  for (let k = 1; taken.has(packedName); k++) packedName = `data_${name}~${k}.npkd`
  taken.add(packedName)
  if (nameProblem(name) !== null || entryNameProblem(packedName) !== null)
    throw lost(folder, name, 'its name is not allowed')
  if (dataFile.endsWith('.npkseg')) {
    entries.set(packedName, { name: packedName, ...joinedSegments(folder, record, file.path, seen) })
  } else {
    entries.set(packedName, wholeFile(packedName, file))
  }
  return { ...recordFields(record), dtype: record.dtype, dataFile: packedName }
}

const recordFields = ({
  name,
  shape,
  lastModified,
  sizeBytes,
}: ArrayRecord): Pick<ArrayRecord, 'name' | 'shape' | 'lastModified' | 'sizeBytes'> => ({
  name,
  shape,
  lastModified,
  sizeBytes,
})

function joinedSegments(
  folder: StoreFolder,
  { name, shape, dtype }: ArrayRecord,
  list: string,
  seen: string[],
): Omit<EntryToPack, 'name'> {
  const rowBytes = sizeOf(shape.slice(1)) * (dtype === null ? 0 : itemsize(dtype))
  const segments = decodeSegments(folder.pool.readFile(list).bytes, shape[0] ?? 1, rowBytes)
  if (typeof segments === 'string') throw lost(folder, name, segments)
  const content = segments.map((segment): FilePart => {
    const file = checked(folder, name, segment.file, findFile(folder, segment.file))
    seen.push(`${segment.file} ${fingerprintOf(file)}`)
    if (file.stat.size < segment.bytes)
      throw lost(folder, name, `its file ${segment.file} is shorter than its list says`)
    return { path: file.path, bytes: segment.bytes }
  })
  return { size: content.reduce((sum, { bytes }) => sum + bytes, 0), content }
}

function checked(
  folder: StoreFolder,
  array: string,
  name: string,
  file: FoundFile,
): Extract<FoundFile, { kind: 'file' }> {
  if (file.kind === 'file') return file
  if (file.kind === 'missing') throw lost(folder, array, `its data file is missing (${name})`)
  if (file.kind === 'other') throw lost(folder, array, `its data file is no file (${name})`)
  throw lost(folder, array, `its data file lies outside the store (${name})`, 'PATH_ESCAPE')
}

const lost = (
  folder: StoreFolder,
  array: string,
  why: string,
  code: 'DAMAGED' | 'PATH_ESCAPE' = 'DAMAGED',
): NumPackError => unpackable(folder, `array '${array}': ${why}; the package would be without it`, code, array)

const unpackable = (folder: StoreFolder, what: string, code: 'DAMAGED' | 'PATH_ESCAPE', array?: string): NumPackError =>
  new NumPackError(code, `${basename(folder.path)} can't be packed: ${what}. Repair or remove it first.`, {
    path: folder.path,
    array,
  })
