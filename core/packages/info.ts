import { plainError } from '../format/errors.ts'
import type { PackageEntry, PackageIndex } from '../format/npkg.ts'
import { windowsNameProblems } from '../format/windows-names.ts'
import { openPackageFile, readIndex } from './package-file.ts'
import type { PackageFault } from './verify.ts'

/** Fields as in NumPack's `get_package_info`. */
export interface PackedFileInfo {
  readonly name: string
  readonly originalSize: number
  /** 0 for a file that is not compressed. */
  readonly compressedSize: number
  /** Bytes it takes in the package. */
  readonly actualSize: number
  /** Found in the content, whatever the package's label says. */
  readonly codec: PackageEntry['codec']
  /** Why it can't be unpacked on Windows, as the end of "its name ..."; null if it can. */
  readonly windowsProblem: string | null
  readonly fault: PackageFault | null
}

/** What a package says about itself and its files. */
export interface PackageInfo {
  readonly path: string
  readonly version: PackageIndex['version']
  /** The package's label: 0 none, 1 zstd. */
  readonly compression: number
  readonly compressionName: 'none' | 'zstd' | 'unknown'
  /** From the header; `files` are those that could be listed. */
  readonly fileCount: number
  readonly files: readonly PackedFileInfo[]
  readonly totalOriginalSize: number
  readonly totalCompressedSize: number
  /** Compressed by original size; 1 for a package without compression or bytes. */
  readonly compressionRatio: number
  readonly storedChecksum: number | null
  readonly packageSize: number
  /** Microseconds since 1970 when the package was last written. */
  readonly lastModified: number
  readonly fault: PackageFault | null
}

const LABELS = ['none', 'zstd'] as const

export async function packageInfo(source: string): Promise<PackageInfo> {
  using input = openPackageFile(source)
  const index = await readIndex(input)
  const windowsProblems = windowsNameProblems(index.entries.map(({ name }) => name))
  const files = index.entries.map(
    ({ name, originalSize, compressedSize, storedSize, codec, problem }): PackedFileInfo => ({
      name,
      originalSize,
      compressedSize,
      actualSize: storedSize,
      codec,
      windowsProblem: windowsProblems.get(name) ?? null,
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
