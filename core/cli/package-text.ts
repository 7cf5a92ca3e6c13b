import { formatBytes, formatInteger, pluralize, formatPercent } from '../format/quantities.ts'
import { visibleText } from '../format/visible-text.ts'
import type { PackageInfo, PackedFileInfo } from '../packages/info.ts'
import type { PackageReport } from '../packages/verify.ts'
import { formatTable } from './table.ts'

export const formatChecksum = (checksum: number): string => checksum.toString(16).padStart(8, '0')

const ratioText = (stored: number, original: number): string => (original === 0 ? '' : formatPercent(stored, original))

export function formatPackageInfo(info: PackageInfo): string {
  const { version, compressionName, fileCount, packageSize, lastModified, storedChecksum, files } = info
  const { totalOriginalSize, totalCompressedSize } = info
  const facts = [
    ['version', `${version}, ${compressionName === 'none' ? 'not compressed' : `labelled ${compressionName}`}`],
    [
      'files',
      files.length === fileCount
        ? formatInteger(fileCount)
        : `${formatInteger(fileCount)}, ${formatInteger(files.length)} can be listed`,
    ],
    ['size', `${formatBytes(packageSize)}, unpacks to ${formatBytes(totalOriginalSize)}`],
    ['checksum', storedChecksum === null ? 'not found' : formatChecksum(storedChecksum)],
    ['written', new Date(lastModified / 1000).toLocaleString('sv-SE')],
  ]
  const rows = [
    ['original', 'stored', 'ratio', 'codec', 'file'],
    ...files.map(fileRow),
    [
      formatBytes(totalOriginalSize),
      formatBytes(totalCompressedSize),
      ratioText(totalCompressedSize, totalOriginalSize),
      '',
      'together',
    ],
  ]
  return [`NumPack package ${visibleText(info.path)}`, formatTable(facts, []), '', formatTable(rows, [0, 1, 2])].join(
    '\n',
  )
}

const fileRow = ({ name, originalSize, actualSize, codec, fault }: PackedFileInfo): string[] => [
  formatBytes(originalSize),
  formatBytes(actualSize),
  ratioText(actualSize, originalSize),
  codec,
  fault === null ? visibleText(name) : `${visibleText(name)}  (${fault.code})`,
]

export function formatReport(report: PackageReport): string {
  const { path, files, fault, computedChecksum, missingArrays } = report
  const missing = missingArrays.map(name => `  array '${visibleText(name)}': its data is not in the package`)
  if (fault === null) {
    const bytes = files.reduce((sum, { originalSize }) => sum + originalSize, 0)
    const checksum = computedChecksum === null ? '' : `, checksum ${formatChecksum(computedChecksum)}`
    return [
      `${visibleText(path)} is intact: ${pluralize(files.length, 'file')}, ${formatBytes(bytes)}${checksum}.`,
      ...missing,
    ].join('\n')
  }
  const bad = files.filter(file => file.fault !== null).map(file => `  ${visibleText(file.name)}: ${file.fault?.code}`)
  const good = files.length - bad.length
  return [
    `${visibleText(path)} is damaged; ${good} of ${pluralize(files.length, 'file')} can be read.`,
    ...bad,
    ...missing,
  ].join('\n')
}

/** Returns a sentence for each file that can't be unpacked on Windows. */
export const notOnWindows = ({ files }: PackageInfo): string[] =>
  files.flatMap(({ name, windowsProblem }) =>
    windowsProblem === null ? [] : [`${name} can't be unpacked on Windows: its name ${windowsProblem}.`],
  )
