import { useEffect, useState } from 'react'
import type { PackageFacts, StoreInfo } from '../../../core/explorer/contract/types.ts'
import { useApp, useSession } from '../../model/hooks.ts'
import { FactGrid, type GridFact } from '../../ui/fact-grid.tsx'
import { formatBytes, formatInteger, formatMicroseconds, abbreviateHome, formatPercent } from '../../ui/format.ts'
import styles from './package-view.module.css'

function describeCompression({ label, codecs }: PackageFacts): string {
  // A file that does not shrink is stored raw under any label.
  const real = codecs.filter(codec => codec !== 'raw')
  if (real.length === 0) return label === 'none' || codecs.length === 0 ? label : `${label}; no file got smaller`
  return real.length === 1 && real[0] === label ? label : `labelled ${label}, really ${real.join(' and ')}`
}

interface PackageFactsListProps {
  info: StoreInfo
  facts: PackageFacts
  listed: number | null
  isVerified: boolean
}

/** Formats the number of files. A damaged package may claim any number: how many can be listed is added. */
function formatFileCount({ fileCount, fault }: PackageFacts, listed: number | null): string {
  if (fault === null) return formatInteger(fileCount)
  return `${formatInteger(fileCount)} claimed${listed === null ? '' : `, ${formatInteger(listed)} listed`}`
}

/** Formats the unpacked size. Headers can claim any size; a verification has unpacked every file and counted. */
export const formatUnpackedSize = ({ originalSize }: PackageFacts, isVerified: boolean): string =>
  `${formatBytes(originalSize)}${isVerified ? '' : ' claimed'}`

export function PackageFactsList({ info, facts, listed, isVerified }: PackageFactsListProps) {
  const home = useSession(({ environment }) => environment?.homeFolder ?? '')
  const target = useUnpackTarget(info.path)
  const { version, originalSize, packageSize, checksum, lastModified } = facts
  const unpacked = formatUnpackedSize(facts, isVerified)
  const size = `${formatBytes(packageSize)}, ${formatPercent(packageSize, originalSize)} of ${unpacked}`
  const lines: GridFact[] = [
    { name: 'Format', value: `version ${version}` },
    { name: 'Compression', value: describeCompression(facts) },
    { name: 'Files', value: formatFileCount(facts, listed) },
    { name: 'Size', value: size },
    { name: 'Checksum', value: checksum === null ? 'unreadable' : checksum.toString(16).padStart(8, '0') },
    { name: 'Written', value: formatMicroseconds(lastModified) },
    ...(target === null || facts.fault !== null
      ? []
      : [{ name: 'Unpacks to', value: `${abbreviateHome(target, home)}, ${unpacked}`, wide: true }]),
  ]
  return (
    <div className={styles['facts']}>
      <FactGrid facts={lines} />
    </div>
  )
}

function useUnpackTarget(source: string): string | null {
  const app = useApp()
  const [target, setTarget] = useState<string | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    const { signal } = controller
    app.bridge.request('suggestTarget', { kind: 'unpack', source, folder: null }, { signal }).then(
      ({ result }) => setTarget(result.free),
      // A failure matters little: the unpack dialog asks again.
      () => undefined,
    )
    return () => controller.abort()
  }, [app, source])
  return target
}
