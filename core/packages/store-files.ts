import { Buffer } from 'node:buffer'
import { realpathSync } from 'node:fs'
import { basename, join, resolve, sep } from 'node:path'
import { itemsize } from '../format/dtype.ts'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import { type ArrayRecord, decodeMetadata, encodeMetadata, type RecordToWrite } from '../format/metadata.ts'
import { bitmapFileOf, isSegmentList, METADATA_FILE, nameProblem, staysInside } from '../format/names.ts'
import { entryNameProblem, isPackedFile } from '../format/npkg.ts'
import { decodeSegments } from '../format/segments.ts'
import { type FoundFile, findFile, type StoreFolder, stateOf } from '../storage/read/folder.ts'
import { accessThrough, type FileAccess } from '../system/file-access.ts'
import { accessWithin } from '../storage/read/access-like.ts'
import { type FileIdentity, type FileStat, identityKey, statPath } from '../system/file-stat.ts'
import { changedOnDisk, handles } from '../system/handles.ts'
import { sizeOf } from '../array/indexing.ts'
import { WRITE_LOG_FILE } from '../storage/read/write-log.ts'
import { ioError } from '../system/io-error.ts'
import { listFolder } from '../system/list-folder.ts'
import { isConflictCopy } from './foreign-files.ts'
import { InputFile } from './input-file.ts'

interface FilePart {
  readonly path: string
  readonly bytes: number
  readonly identity: FileIdentity
  readonly store: string
}

/** Throws `CHANGED_ON_DISK` if another file or a link took the part's place: only the store's files may be packed. */
export function openPart({ path, identity, store }: FilePart): InputFile {
  const input = new InputFile(realPathOf(path), identity)
  if (input.realPath.startsWith(store + sep)) return input
  input[Symbol.dispose]()
  throw changedOnDisk(path, 'a link took its place')
}

function realPathOf(path: string): string {
  try {
    return realpathSync.native(path)
  } catch (error) {
    throw ioError(error, path, 'open')
  }
}

/** An entry to pack: bytes in memory, or files that follow each other. */
export interface EntryToPack {
  readonly name: string
  readonly size: number
  readonly content: Uint8Array | readonly FilePart[]
}

/** Paths of the entry's files without links. Throws `NOT_FOUND` or `IO`. */
export const realPathsOf = ({ content }: EntryToPack): string[] =>
  content instanceof Uint8Array ? [] : content.map(({ path }) => realPathOf(path))

export interface StoreFiles {
  /** Sorted by name (by code points), as in NumPack. */
  readonly entries: readonly EntryToPack[]
  readonly bytes: number
  /** Whether a file is packed under several names: the package then has more bytes than the store. */
  readonly repeats: boolean
  /** Differs when any of the files changed. */
  readonly fingerprint: string
  readonly folder: FileStat
  readonly access: readonly FileAccess[]
  /** Whether a file is one of the packed ones, whatever its name. */
  readonly isPacked: (file: FileIdentity) => boolean
}

/**
 * Lists what a store's package must hold, without reading data; the segments of an array become one data file. Throws
 * `NOT_FOUND`, `NOT_A_STORE`, `DAMAGED` or `NEWER_VERSION`, and `DAMAGED` or `PATH_ESCAPE` for an array whose data
 * can't be found, so that nothing is left out silently.
 */
export function storeFiles(path: string, check: () => void = () => {}): StoreFiles {
  const { folder, stat: folderStat } = openFolder(path)
  checkSettled(folder)
  const metadataPath = join(folder.path, METADATA_FILE)
  const { bytes: metadata, stat } = readMetadata(folder, metadataPath)
  const found = new FoundFiles()
  found.add(METADATA_FILE, { kind: 'file', path: metadataPath, stat })
  const entries = new Map<string, EntryToPack>()
  const { records } = decodeMetadata(metadata, metadataPath)
  const taken = new Set(records.map(({ dataFile }) => dataFile))
  const known = new Set([METADATA_FILE, ...taken, ...records.map(({ name }) => bitmapFileOf(name))])
  for (const name of listFolder(folder.path)) {
    check()
    if (isConflictCopy(name, known)) throw conflictCopy(folder, name)
    if (name === METADATA_FILE || !isPackedFile(name)) continue
    const file = findFile(folder, name)
    found.add(name, file)
    if (file.kind === 'outside')
      throw unpackable(folder, `its file ${name} is a symbolic link that leads out of it`, 'PATH_ESCAPE')
    if (file.kind === 'other')
      throw unpackable(folder, `${name} in it is no file, but a folder, a pipe or a device`, 'DAMAGED')
    if (file.kind === 'file') entries.set(name, wholeFile(folder, name, file))
  }
  const packed: Packed = { entries, taken, shared: new Map(), segments: new Set(), listBytes: 0 }
  const rewritten = records.map(record => {
    check()
    return packRecord(folder, record, packed, found, check)
  })
  const content = rewritten.some((record, i) => record !== records[i]) ? encodeMetadata(rewritten) : metadata
  entries.set(METADATA_FILE, { name: METADATA_FILE, size: content.length, content })
  const sorted = Array.from(entries.values(), entry => ({ entry, key: Buffer.from(entry.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ entry }) => entry)
  const bytes = sorted.reduce((sum, { size }) => sum + size, 0)
  return {
    entries: sorted,
    bytes,
    repeats: bytes - content.length > found.bytes - metadata.length,
    fingerprint: `${found.fingerprint}\n${Buffer.from(metadata).toString('latin1')}`,
    folder: folderStat,
    access: [accessThrough(folderStat), ...found.access],
    isPacked: file => found.has(file),
  }
}

/** Only the user knows which of the copies is the right one. */
const conflictCopy = (folder: StoreFolder, name: string): NumPackError =>
  new NumPackError(
    'DAMAGED',
    `${folder.path} can't be packed: ${name} looks like the copy that a sync program made because the store was changed in ` +
      'two places. Move it out of the store, or put it in the place of the other one.',
    { path: folder.path, file: name },
  )

class FoundFiles {
  readonly #seen: string[] = []
  readonly #inodes = new Set<string>()
  #bytes = 0
  readonly #access = new Map<string, FileAccess>()

  add(name: string, file: FoundFile): void {
    this.#seen.push(`${name} ${stateOf(file)}`)
    if (file.kind !== 'file') return
    const inode = identityKey(file.stat)
    if (!this.#inodes.has(inode)) this.#bytes += file.stat.size
    this.#inodes.add(inode)
    const access = accessWithin(file)
    this.#access.set(`${access.mode}:${access.uid}:${access.gid}`, access)
  }

  get fingerprint(): string {
    return this.#seen.sort().join('\n')
  }

  get access(): FileAccess[] {
    return [...this.#access.values()]
  }

  get bytes(): number {
    return this.#bytes
  }

  has(file: FileIdentity): boolean {
    return this.#inodes.has(identityKey(file))
  }
}

/** Throws `CHANGED_ON_DISK` while a writer is at work: its files need its write log, which no package can hold. */
function checkSettled(folder: StoreFolder): void {
  if (findFile(folder, WRITE_LOG_FILE).kind !== 'file') return
  throw new NumPackError(
    'CHANGED_ON_DISK',
    `${folder.path} is being written to, or a write to it was interrupted. Pack it when the other program is done; what was interrupted is completed by the next write to the store.`,
    { path: folder.path },
  )
}

function openFolder(path: string): { readonly folder: StoreFolder; readonly stat: FileStat } {
  const absolute = resolve(path)
  try {
    const stat = statPath(absolute)
    if (stat.isDirectory()) {
      return { folder: { path: absolute, realPath: realpathSync.native(absolute), pool: handles }, stat }
    }
  } catch (error) {
    throw ioError(error, absolute, 'open')
  }
  throw new NumPackError('NOT_A_STORE', `${absolute} is no NumPack store: it is not a folder.`, { path: absolute })
}

function readMetadata(folder: StoreFolder, path: string): ReturnType<StoreFolder['pool']['readFile']> {
  const file = findFile(folder, METADATA_FILE)
  if (file.kind === 'outside')
    throw unpackable(folder, `its ${METADATA_FILE} is a symbolic link that leads out of it`, 'PATH_ESCAPE')
  if (file.kind === 'file') return readSmall(folder, path, file, LIMITS.metadataBytes)
  throw new NumPackError(
    'NOT_A_STORE',
    `${folder.path} is no NumPack store: it has no metadata file (${METADATA_FILE}).`,
    { path: folder.path },
  )
}

function readSmall(
  folder: StoreFolder,
  path: string,
  { stat }: Pick<Extract<FoundFile, { kind: 'file' }>, 'stat'>,
  most: number,
): ReturnType<StoreFolder['pool']['readFile']> {
  if (stat.size > most) {
    throw unpackable(folder, `its file ${basename(path)} has ${stat.size} bytes; at most ${most} are read`, 'DAMAGED')
  }
  return folder.pool.readFile(path)
}

const wholeFile = (
  folder: StoreFolder,
  name: string,
  { path, stat }: Extract<FoundFile, { kind: 'file' }>,
): EntryToPack => ({
  name,
  size: stat.size,
  content: [{ path, bytes: stat.size, identity: stat, store: folder.realPath }],
})

interface Packed {
  readonly entries: Map<string, EntryToPack>
  /** Names of data files, of the store and of the package. */
  readonly taken: Set<string>
  /** Names in the package of files that are in it already: arrays that share a file share it there, too. */
  readonly shared: Map<string, string>
  readonly segments: Set<string>
  listBytes: number
}

/** Makes a record's data an entry. Returns the record for the package's metadata. */
function packRecord(
  folder: StoreFolder,
  record: ArrayRecord,
  packed: Packed,
  found: FoundFiles,
  check: () => void,
): ArrayRecord | RecordToWrite {
  const { name, dataFile, problem, dtype, shape } = record
  if (packed.entries.has(dataFile)) return record
  if (problem !== null || dtype === null) {
    throw lost(folder, name, problem ?? 'unknown dtype', staysInside(dataFile) ? 'DAMAGED' : 'PATH_ESCAPE')
  }
  const file = checked(folder, name, dataFile, findFile(folder, dataFile))
  const isList = isSegmentList(dataFile)
  const rowBytes = sizeOf(shape.slice(1)) * itemsize(dtype)
  // Arrays share a list only if they have as many rows.
  const key = isList ? `${identityKey(file.stat)} ${shape[0]} ${rowBytes}` : identityKey(file.stat)
  const known = packed.shared.get(key)
  if (known !== undefined) return { ...recordFields(record), dtype, dataFile: known }
  found.add(dataFile, file)
  const packedName = freeName(folder, name, packed.taken)
  if (isList) {
    const joined = joinedSegments(folder, { name, rows: shape[0] ?? 1, rowBytes }, file, packed, found, check)
    packed.entries.set(packedName, { name: packedName, ...joined })
  } else packed.entries.set(packedName, wholeFile(folder, packedName, file))
  packed.shared.set(key, packedName)
  return { ...recordFields(record), dtype, dataFile: packedName }
}

function freeName(folder: StoreFolder, array: string, taken: Set<string>): string {
  let name = `data_${array}.npkd`
  for (let k = 1; taken.has(name); k++) name = `data_${array}~${k}.npkd`
  taken.add(name)
  if (nameProblem(array) === null && entryNameProblem(name) === null) return name
  throw lost(folder, array, 'its name is not allowed')
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
  { name, rows, rowBytes }: { readonly name: string; readonly rows: number; readonly rowBytes: number },
  list: Extract<FoundFile, { kind: 'file' }>,
  packed: Packed,
  found: FoundFiles,
  check: () => void,
): Omit<EntryToPack, 'name'> {
  packed.listBytes += list.stat.size
  const most = LIMITS.segmentListBytes
  if (packed.listBytes > most)
    throw lost(folder, name, `the segment lists have more bytes than are read of a store: at most ${most}`)
  const { bytes } = readSmall(folder, list.path, list, most)
  const segments = decodeSegments(bytes, rows, rowBytes)
  if (typeof segments === 'string') throw lost(folder, name, segments)
  const content = segments.map((segment): FilePart => {
    check()
    const file = checked(folder, name, segment.file, findFile(folder, segment.file))
    const inode = identityKey(file.stat)
    if (packed.segments.has(inode)) throw lost(folder, name, `segment ${segment.file} is named twice`)
    packed.segments.add(inode)
    found.add(segment.file, file)
    if (file.stat.size < segment.bytes)
      throw lost(folder, name, `its file ${segment.file} is shorter than its list says`)
    return { path: file.path, bytes: segment.bytes, identity: file.stat, store: folder.realPath }
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
  new NumPackError(code, `${folder.path} can't be packed: ${what}. Repair or remove it first.`, {
    path: folder.path,
    array,
  })
