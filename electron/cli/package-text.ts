import { bytesText, count, countOf, percentText } from '../../core/format/quantities.ts'
import { visibleText } from '../../core/format/visible-text.ts'
import type { PackageInfo, PackedFileInfo } from '../../core/packages/info.ts'
import type { PackageReport } from '../../core/packages/verify.ts'
import { tableText } from './table.ts'

export const checksumText = (checksum: number): string => checksum.toString(16).padStart(8, '0')

/** Formats the compressed share: '41.2%'; '' for an empty original. */
const ratioText = (stored: number, original: number): string => (original === 0 ? '' : percentText(stored, original))

/** Formats the contents of a package: a summary, then one line per file. */
export function packageInfoText(info: PackageInfo): string {
  const { version, compressionName, fileCount, packageSize, lastModified, storedChecksum, files } = info
  const { totalOriginalSize, totalCompressedSize } = info
  const facts = [
    ['version', `${version}, ${compressionName === 'none' ? 'not compressed' : `labelled ${compressionName}`}`],
    [
      'files',
      files.length === fileCount ? count(fileCount) : `${count(fileCount)}, ${count(files.length)} can be listed`,
    ],
    ['size', `${bytesText(packageSize)}, unpacks to ${bytesText(totalOriginalSize)}`],
    ['checksum', storedChecksum === null ? 'not found' : checksumText(storedChecksum)],
    ['written', new Date(lastModified / 1000).toLocaleString('sv-SE')],
  ]
  const rows = [
    ['original', 'stored', 'ratio', 'codec', 'file'],
    ...files.map(fileRow),
    [
      bytesText(totalOriginalSize),
      bytesText(totalCompressedSize),
      ratioText(totalCompressedSize, totalOriginalSize),
      '',
      'together',
    ],
  ]
  return [`NumPack package ${visibleText(info.path)}`, tableText(facts, []), '', tableText(rows, [0, 1, 2])].join('\n')
}

const fileRow = ({ name, originalSize, actualSize, codec, fault }: PackedFileInfo): string[] => [
  bytesText(originalSize),
  bytesText(actualSize),
  ratioText(actualSize, originalSize),
  codec,
  fault === null ? visibleText(name) : `${visibleText(name)}  (${fault.code})`,
]

/** Formats a verification report; of a damaged package every faulty file with the reason. */
export function reportText(report: PackageReport): string {
  const { path, files, fault, computedChecksum, missingArrays } = report
  const missing = missingArrays.map(name => `  array '${visibleText(name)}': its data is not in the package`)
  if (fault === null) {
    const bytes = files.reduce((sum, { originalSize }) => sum + originalSize, 0)
    const checksum = computedChecksum === null ? '' : `, checksum ${checksumText(computedChecksum)}`
    return [
      `${visibleText(path)} is whole: ${countOf(files.length, 'file')}, ${bytesText(bytes)}${checksum}.`,
      ...missing,
    ].join('\n')
  }
  const bad = files.filter(file => file.fault !== null).map(file => `  ${visibleText(file.name)}: ${file.fault?.code}`)
  const good = files.length - bad.length
  return [
    `${visibleText(path)} is damaged; ${good} of ${countOf(files.length, 'file')} can be read.`,
    ...bad,
    ...missing,
  ].join('\n')
}
