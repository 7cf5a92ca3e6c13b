import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { NumPackError, type PlainError, plainError } from '../format/errors.ts'
import { decodeMetadata } from '../format/metadata.ts'
import { METADATA_FILE } from '../format/names.ts'
import type { EntryCodec, PackageEntry, PackageIndex } from '../format/npkg.ts'
import { packageChecksum } from '../format/npkg-checksum.ts'
import { decodeEntry } from './codec.ts'
import type { Control } from './control.ts'
import type { InputFile } from './input-file.ts'
import { openPackageFile, readIndex } from './package-file.ts'
import { type Zstd, type ZstdBackend, zstdBy } from './zstd.ts'
import type { FileIdentity } from '../system/file-stat.ts'

/** What is wrong with a package. */
export type PackageFault = PlainError

/** A file of a verified package. */
export interface VerifiedFile {
  readonly name: string
  readonly originalSize: number
  readonly compressedSize: number
  readonly codec: EntryCodec
  /** Of the original bytes; null if they could not be read. */
  readonly crc32: number | null
  /** As `crc32`; null also if it was not requested. */
  readonly sha256: string | null
  readonly fault: PackageFault | null
}

/** Result of `verifyPackage`. */
export interface PackageReport {
  readonly path: string
  readonly version: number
  readonly files: readonly VerifiedFile[]
  readonly storedChecksum: number | null
  /** null unless every entry could be read. */
  readonly computedChecksum: number | null
  readonly fault: PackageFault | null
  /** Arrays of the metadata whose data file is not inside (NumPack leaves segmented arrays out). */
  readonly missingArrays: readonly string[]
}

export interface VerifyJob {
  readonly source: string
  readonly sha256: boolean
  readonly zstd?: ZstdBackend | undefined
  readonly expected?: FileIdentity
}

/** The report holds any fault. Throws `NOT_FOUND`, `NOT_A_PACKAGE`, `NEWER_VERSION`, `ABORTED` or `IO`. */
export async function verifyFile(
  { source, sha256, zstd, expected }: VerifyJob,
  control: Control,
): Promise<PackageReport> {
  using input = openPackageFile(source, expected)
  const index = await indexOrFault(input, control)
  if (!('entries' in index)) {
    return { path: source, version: index.version, files: [], ...NOTHING_READ, fault: index.fault, missingArrays: [] }
  }
  control.addTotal(index.entries.reduce((sum, entry) => sum + (entry.problem === null ? entry.originalSize : 0), 0))
  const files: VerifiedFile[] = []
  let metadata: Uint8Array | null = null
  for (const entry of index.entries) {
    const read = await verifyEntry(input, entry, sha256, control, zstdBy(zstd))
    files.push(read.file)
    if (read.content !== null) metadata = read.content
  }
  const { storedChecksum } = index
  const computedChecksum = files.every(isRead) ? packageChecksum(index.version, files.map(crcOf)) : null
  let fault = (index.problem && plainError(index.problem)) ?? files.find(file => file.fault !== null)?.fault ?? null
  if (fault === null && computedChecksum !== storedChecksum) fault = plainError(checksumError(source))
  let missingArrays: string[] = []
  if (metadata !== null) {
    try {
      missingArrays = missingData(metadata, index, source)
    } catch (error) {
      if (!(error instanceof NumPackError)) throw error
      fault ??= plainError(error)
    }
  }
  return { path: source, version: index.version, files, storedChecksum, computedChecksum, fault, missingArrays }
}

const NOTHING_READ = { storedChecksum: null, computedChecksum: null }

async function indexOrFault(
  input: InputFile,
  control: Control,
): Promise<PackageIndex | { version: number; fault: PackageFault }> {
  try {
    return await readIndex(input, control)
  } catch (error) {
    if (error instanceof NumPackError && error.code === 'DAMAGED') return { version: 0, fault: plainError(error) }
    throw error
  }
}

async function verifyEntry(
  input: InputFile,
  entry: PackageEntry,
  sha256: boolean,
  control: Control,
  zstd: Zstd,
): Promise<{ file: VerifiedFile; content: Uint8Array | null }> {
  const { name, originalSize, compressedSize, codec } = entry
  const described = { name, originalSize, compressedSize, codec }
  const unread = (problem: NumPackError) => ({
    file: { ...described, crc32: null, sha256: null, fault: plainError(problem) },
    content: null,
  })
  if (entry.problem !== null) return unread(entry.problem)
  const keep = name === METADATA_FILE
  const hash = sha256 ? createHash('sha256') : null
  const kept: Uint8Array[] = []
  let crc = 0
  try {
    for await (const piece of decodeEntry(input, entry, zstd, control)) {
      crc = crc32(piece, crc)
      hash?.update(piece)
      if (keep) kept.push(piece.slice())
      control.advance(piece.length)
    }
  } catch (error) {
    if (error instanceof NumPackError && error.code === 'DAMAGED') return unread(error)
    throw error
  }
  return {
    file: { ...described, crc32: crc, sha256: hash?.digest('hex') ?? null, fault: null },
    content: keep ? Buffer.concat(kept) : null,
  }
}

const isRead = (file: VerifiedFile): boolean => file.crc32 !== null

const crcOf = ({ crc32: crc, originalSize }: VerifiedFile): { crc32: number; size: number } => ({
  crc32: crc ?? 0,
  size: originalSize,
})

function missingData(metadata: Uint8Array, index: PackageIndex, source: string): string[] {
  const names = new Set(index.entries.map(({ name }) => name))
  const { records } = decodeMetadata(metadata, `${METADATA_FILE} in ${source}`)
  return records.filter(({ dataFile }) => !names.has(dataFile)).map(({ name }) => name)
}

export const checksumError = (source: string): NumPackError =>
  new NumPackError(
    'CHECKSUM',
    `${source}: its checksum does not match its content. The package is damaged; use another copy.`,
    { file: source },
  )
