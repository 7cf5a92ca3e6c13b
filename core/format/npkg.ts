import { NumPackError } from './errors.ts'
import { LIMITS } from './limits.ts'
import { METADATA_FILE } from './names.ts'
import { decodeText, excerpt } from './short-text.ts'
import { PACKAGE_VERSION } from './versions.ts'

/** `x.npkg`: a store in one file (docs/format.md 3). All integers are little-endian. */

const MAGIC = 'NPKG'
const PACKAGE_HEADER_BYTES = 13
const PACKAGE_FOOTER_BYTES = 4
const ENTRY_HEADER_BYTES = 20
/** Bytes read at once of each entry: its header, with a name of any length, and the first bytes of its payload. */
const WINDOW_BYTES = ENTRY_HEADER_BYTES + LIMITS.textBytes + 4

/** Version of the package format. */
export type PackageVersion = 0 | 1 | 2

/** Actual compression of a payload, whatever the package's label says. */
export type EntryCodec = 'raw' | 'zstd' | 'zlib' | 'unknown'

export interface PackageEntry {
  readonly name: string
  readonly originalSize: number
  /** As stored: 0 means that the payload is not compressed. */
  readonly compressedSize: number
  readonly storedSize: number
  readonly offset: number
  readonly codec: EntryCodec
  readonly problem: NumPackError | null
}

export interface PackageIndex {
  readonly version: PackageVersion
  /** Label: 0 none, 1 zstd. `codec` of the entries takes precedence. */
  readonly compression: number
  /** Number according to the header; `entries` are those that could be read. */
  readonly fileCount: number
  readonly entries: readonly PackageEntry[]
  /** CRC-32 at the end of the package, or null if the end was not found. */
  readonly storedChecksum: number | null
  readonly problem: NumPackError | null
}

/** Returns `length` bytes at `offset`, fewer only at the end of the package. The next call may overwrite them. */
export type ReadBytes = (offset: number, length: number) => Uint8Array

/**
 * Yields the entries and returns the index, without reading payloads. `problem` describes a fault inside; at most
 * `LIMITS.packageProblems` bad entries are listed. Throws `NOT_A_PACKAGE`, `NEWER_VERSION`, or `DAMAGED` for a
 * truncated header.
 */
export function* readPackageIndex(
  read: ReadBytes,
  size: number,
  file: string,
): Generator<PackageEntry, PackageIndex, void> {
  const { version, compression, fileCount } = decodeHeader(read(0, PACKAGE_HEADER_BYTES), file)
  const entries: PackageEntry[] = []
  const names = new Set<string>()
  const end = size - PACKAGE_FOOTER_BYTES
  let offset = PACKAGE_HEADER_BYTES
  let problem: NumPackError | null = null
  let problems = 0
  const indexSoFar = (): PackageIndex => ({ version, compression, fileCount, entries, storedChecksum: null, problem })
  if (fileCount * ENTRY_HEADER_BYTES > end - offset) {
    const room = Math.max(0, end - offset)
    problem = damaged(file, `file count beyond the file: ${fileCount} files can't fit into ${room} bytes`, {
      field: 'file_count',
      offset: 9,
    })
  }
  if (fileCount > LIMITS.packageFiles) {
    problem ??= damaged(file, `it counts ${fileCount} files; at most ${LIMITS.packageFiles} are opened`, {
      field: 'file_count',
      offset: 9,
      limit: LIMITS.packageFiles,
    })
  }
  // A package that cannot be opened is listed only to show what it contains.
  const maxEntries = problem === null ? fileCount : LIMITS.packageProblems
  for (let i = 0; i < fileCount; i++) {
    if (i === maxEntries) return indexSoFar()
    const { entry, complete } = readEntry(read, offset, end, file, i)
    const repeated = entry !== null && names.has(entry.name)
    if (entry !== null) {
      names.add(entry.name)
      const twice = repeated ? damaged(file, `the same file twice: '${entry.name}'`, { entry: entry.name }) : null
      const checked = twice === null ? entry : { ...entry, problem: entry.problem ?? twice }
      entries.push(checked)
      problem ??= checked.problem
      if (checked.problem !== null) problems++
      yield checked
    }
    if (entry === null || !complete) {
      problem ??= endsEarly(file, `entry ${i + 1} of ${fileCount} at byte ${offset} is incomplete`, offset)
      return indexSoFar()
    }
    if (problems === LIMITS.packageProblems) return indexSoFar()
    offset = entry.offset + entry.storedSize
  }
  const footer = read(offset, PACKAGE_FOOTER_BYTES)
  if (footer.length < PACKAGE_FOOTER_BYTES) problem ??= endsEarly(file, 'its checksum is missing', offset)
  if (offset < end) problem ??= damaged(file, `${end - offset} bytes after the end of the package`, { offset })
  if (!names.has(METADATA_FILE)) problem ??= damaged(file, `no metadata inside (${METADATA_FILE})`, {})
  const storedChecksum = footer.length < PACKAGE_FOOTER_BYTES ? null : viewOf(footer).getUint32(0, true)
  return { version, compression, fileCount, entries, storedChecksum, problem }
}

function decodeHeader(bytes: Uint8Array, file: string): Pick<PackageIndex, 'version' | 'compression' | 'fileCount'> {
  if (String.fromCharCode(...bytes.subarray(0, 4)) !== MAGIC) {
    throw new NumPackError(
      'NOT_A_PACKAGE',
      `${file} is not a NumPack package: it does not begin with "${MAGIC}". Choose a .npkg file.`,
      { file },
    )
  }
  if (bytes.length < PACKAGE_HEADER_BYTES) throw endsEarly(file, 'its header is incomplete', bytes.length)
  const view = viewOf(bytes)
  const version = view.getUint32(4, true)
  if (version > PACKAGE_VERSION) {
    throw new NumPackError(
      'NEWER_VERSION',
      `${file}: written by a newer NumPack (package version ${version}; this program reads 0 to ${PACKAGE_VERSION}). Update this program.`,
      { file, version },
    )
  }
  return { version: version as PackageVersion, compression: view.getUint8(8), fileCount: view.getUint32(9, true) }
}

function readEntry(
  read: ReadBytes,
  start: number,
  end: number,
  file: string,
  index: number,
): { entry: PackageEntry | null; complete: boolean } {
  const bytes = read(start, Math.max(0, Math.min(WINDOW_BYTES, end - start)))
  if (bytes.length < ENTRY_HEADER_BYTES) return { entry: null, complete: false }
  const view = viewOf(bytes)
  const nameBytes = view.getUint32(0, true)
  if (nameBytes > end - start - ENTRY_HEADER_BYTES) return { entry: null, complete: false }
  const offset = start + ENTRY_HEADER_BYTES + nameBytes
  if (nameBytes > LIMITS.textBytes) {
    const problem = badName(file, `entry ${index + 1}`, `it has ${nameBytes} bytes`)
    const name = excerpt(decodeText(bytes.subarray(4, 4 + LIMITS.textBytes)).text)
    const unread = { originalSize: 0, compressedSize: 0, storedSize: 0, codec: 'unknown' } as const
    return { entry: { name, ...unread, offset, problem }, complete: false }
  }
  const { name, problem: nameProblem } = decodeName(bytes.subarray(4, 4 + nameBytes), file)
  const original = view.getBigUint64(4 + nameBytes, true)
  const compressed = view.getBigUint64(12 + nameBytes, true)
  const stored = compressed === 0n ? original : compressed
  const complete = stored <= BigInt(end - offset)
  const storedSize = Number(stored)
  const first = bytes.slice(ENTRY_HEADER_BYTES + nameBytes, ENTRY_HEADER_BYTES + nameBytes + Math.min(4, storedSize))
  const maximum = name === METADATA_FILE ? LIMITS.metadataBytes : Number.MAX_SAFE_INTEGER
  const sizeProblem = complete
    ? original > BigInt(maximum)
      ? damaged(file, `entry '${name}' can't have ${original} bytes, but ${maximum} at most`, { entry: name })
      : null
    : endsEarly(file, `entry '${name}' needs ${stored} bytes at byte ${offset}, ${end - offset} are left`, offset, name)
  const sizes = { name, originalSize: Number(original), compressedSize: Number(compressed), storedSize }
  const entry: PackageEntry = {
    ...sizes,
    offset,
    codec: compressed === 0n ? 'raw' : codecOf(first),
    problem: nameProblem ?? sizeProblem ?? payloadProblem(sizes, file),
  }
  return { entry, complete }
}

/** Returns the most bytes that compression can make of an entry. */
export const maxStoredSize = (originalSize: number): number =>
  originalSize + Math.floor(originalSize * LIMITS.payloadGrowth) + LIMITS.payloadExtraBytes

/** Returns the `DAMAGED` error of an entry whose payload is larger than any compression of it, else null. */
export function payloadProblem(
  { name, originalSize, storedSize }: Pick<PackageEntry, 'name' | 'originalSize' | 'storedSize'>,
  file: string,
): NumPackError | null {
  if (storedSize <= maxStoredSize(originalSize)) return null
  return damaged(file, `entry '${name}' takes ${storedSize} bytes for ${originalSize}`, { entry: name })
}

/** Sources: RFC 8878 3.1.1 (zstd), RFC 1950 2.2 (zlib: method 8, window up to 32 KiB, header divisible by 31). */
function codecOf(first: Uint8Array): EntryCodec {
  const [a = 0, b = 0, c = 0, d = 0] = first
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd) return 'zstd'
  if ((a & 0x0f) === 8 && a >> 4 <= 7 && (a * 256 + b) % 31 === 0) return 'zlib'
  return 'unknown'
}

function decodeName(bytes: Uint8Array, file: string): { name: string; problem: NumPackError | null } {
  const { text, valid } = decodeText(bytes)
  const tooLong = bytes.length > LIMITS.fileNameBytes
  const why = tooLong ? `it has ${bytes.length} bytes` : valid ? entryNameProblem(text) : 'it is not UTF-8'
  const name = tooLong ? excerpt(text) : text
  return { name, problem: why === null ? null : badName(file, `'${name}'`, why, name) }
}

export const isPackedFile = (name: string): boolean =>
  name === METADATA_FILE || /^data_.*\.npkd$/s.test(name) || /^deleted_.*\.npkb$/s.test(name)

export function entryNameProblem(name: string): string | null {
  if (/[/\\]|^[a-z]:/i.test(name)) return 'it is a path'
  if (name.includes('\0')) return 'it holds a NUL character'
  if (!isPackedFile(name)) return `it is neither ${METADATA_FILE} nor data_*.npkd nor deleted_*.npkb`
  return null
}

const badName = (file: string, which: string, why: string, entry?: string): NumPackError =>
  new NumPackError(
    'PATH_ESCAPE',
    `${file}: an entry's name is not allowed: ${which}, because ${why}. Nothing was unpacked.`,
    { file, entry },
  )

const damaged = (file: string, what: string, details: Record<string, unknown>): NumPackError =>
  new NumPackError('DAMAGED', `${file}: ${what}. The package is damaged; use another copy.`, { file, ...details })

const endsEarly = (file: string, what: string, offset: number, entry?: string): NumPackError =>
  damaged(file, `the package ends early: ${what}`, { offset, entry })

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export function encodePackageHeader(version: PackageVersion, compression: 0 | 1, fileCount: number): Uint8Array {
  const out = new Uint8Array(PACKAGE_HEADER_BYTES)
  const view = viewOf(out)
  new TextEncoder().encodeInto(MAGIC, out)
  view.setUint32(4, version, true)
  view.setUint8(8, compression)
  view.setUint32(9, fileCount, true)
  return out
}

export function encodeEntryHeader(name: string, originalSize: number, compressedSize: number): Uint8Array {
  const utf8 = new TextEncoder().encode(name)
  const out = new Uint8Array(ENTRY_HEADER_BYTES + utf8.length)
  const view = viewOf(out)
  view.setUint32(0, utf8.length, true)
  out.set(utf8, 4)
  view.setBigUint64(4 + utf8.length, BigInt(originalSize), true)
  view.setBigUint64(12 + utf8.length, BigInt(compressedSize), true)
  return out
}

export function encodePackageFooter(checksum: number): Uint8Array {
  const out = new Uint8Array(PACKAGE_FOOTER_BYTES)
  viewOf(out).setUint32(0, checksum, true)
  return out
}
