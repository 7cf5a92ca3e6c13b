import { plainError } from '../format/errors.ts'
import type { PackageEntry, PackageIndex } from '../format/npkg.ts'
import { openPackageFile, readIndex } from './package-file.ts'
import type { PackageFault } from './verify.ts'

/** One file inside a package; fields as in NumPack's `get_package_info`. */
export interface PackedFileInfo {
  readonly name: string
  readonly originalSize: number
  /** As stored: 0 for a file that is not compressed. */
  readonly compressedSize: number
  /** Bytes it takes in the package. */
  readonly actualSize: number
  /** What it really is, whatever the package's label says. */
  readonly codec: PackageEntry['codec']
  readonly fault: PackageFault | null
}

/** What a package's headers say. */
export interface PackageInfo {
  readonly path: string
  readonly version: PackageIndex['version']
  /** The package's label: 0 none, 1 zstd. */
  readonly compression: number
  readonly compressionName: 'none' | 'zstd' | 'unknown'
  /** As the header says; `files` are those that could be listed. */
  readonly fileCount: number
  readonly files: readonly PackedFileInfo[]
  readonly totalOriginalSize: number
  readonly totalCompressedSize: number
  /** Compressed by original size; exactly 1 for a package without compression, or without bytes. */
  readonly compressionRatio: number
  readonly storedChecksum: number | null
  readonly packageSize: number
  /** Microseconds since 1970 when the package was last written. */
  readonly lastModified: number
  /** The first thing that is wrong with the headers, or null. */
  readonly fault: PackageFault | null
}

const LABELS = ['none', 'zstd'] as const

/**
 * Reads a package's headers, no payload. A damaged package is listed as far as it can be, its fault in `fault`.
 * Rejects with `NOT_FOUND`, `NOT_A_PACKAGE`, `NEWER_VERSION`, `IO`, and `DAMAGED` where the very header is cut off.
 */
export async function packageInfo(source: string): Promise<PackageInfo> {
  using input = openPackageFile(source)
  const index = await readIndex(input)
  const files = index.entries.map(
    ({ name, originalSize, compressedSize, storedSize, codec, problem }): PackedFileInfo => ({
      name,
      originalSize,
      compressedSize,
      actualSize: storedSize,
      codec,
      fault: problem === null ? null : plainError(problem),
    }),
  )
  const totalOriginalSize = files.reduce((sum, file) => sum + file.originalSize, 0)
  const totalCompressedSize = files.reduce((sum, file) => sum + file.actualSize, 0)
  return {
    path: source,
    version: index.version,
    compression: index.compression,
    compressionName: LABELS[index.compression] ?? 'unknown',
    fileCount: index.fileCount,
    files,
    totalOriginalSize,
    totalCompressedSize,
    compressionRatio: totalOriginalSize > 0 ? totalCompressedSize / totalOriginalSize : 1,
    storedChecksum: index.storedChecksum,
    packageSize: input.size,
    lastModified: Number(input.stat.mtimeNs / 1000n),
    fault: index.problem === null ? null : plainError(index.problem),
  }
}
