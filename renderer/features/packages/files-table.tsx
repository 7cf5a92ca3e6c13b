import { useVirtualizer } from '@tanstack/react-virtual'
import { Check, CircleAlert } from 'lucide-react'
import { useMemo, useRef } from 'react'
import type { ArrayInfo, JobResult, PackedFile } from '../../../core/explorer/contract/types.ts'
import { showArray } from '../../model/navigation.ts'
import { useApp } from '../../model/hooks.ts'
import { activeStore } from '../../model/session.ts'
import { toSentence, formatBytes, formatPercent, removePath } from '../../ui/format.ts'
import styles from './package-view.module.css'
import { mapFilesToArrays } from './space.ts'

const ROW_HEIGHT = 26

interface FilesTableProps {
  path: string
  files: readonly PackedFile[]
  arrays: readonly ArrayInfo[]
  total: number
  verified: JobResult<'verify'> | null
}

export function FilesTable({ path, files, arrays, total, verified }: FilesTableProps) {
  const scroller = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- the React compiler is not used here
  const virtual = useVirtualizer({
    count: files.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  })
  const arrayOf = useMemo(() => mapFilesToArrays(arrays), [arrays])
  const found = useMemo(() => new Map(verified?.files.map(file => [file.name, file])), [verified])
  return (
    <div className={styles['table']} role="table" aria-label="Files in the package" aria-rowcount={files.length + 1}>
      <div className={styles['columns']} role="row" aria-rowindex={1}>
        <span role="columnheader">File</span>
        <span role="columnheader">Array</span>
        <span role="columnheader">Size</span>
        <span role="columnheader">In package</span>
        <span role="columnheader">Ratio</span>
        <span role="columnheader">Codec</span>
        <span role="columnheader">{verified === null ? 'Share' : 'CRC-32'}</span>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that keys can scroll it */}
      <div ref={scroller} className={styles['rows']} role="rowgroup" tabIndex={0}>
        <div className={styles['run']} role="presentation" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ index, start }) => {
            const file = files[index]!
            const fault = found.get(file.name)?.fault ?? file.fault
            return (
              <FileRow
                key={index}
                file={file}
                index={index}
                top={start}
                array={arrayOf.get(file.name) ?? null}
                total={total}
                crc32={found.get(file.name)?.crc32 ?? null}
                fault={fault && toSentence(removePath(fault.message, path))}
                isVerified={found.has(file.name)}
              />
            )
          })}
        </div>
      </div>
    </div>
  )
}

interface FileRowProps {
  file: PackedFile
  index: number
  top: number
  array: string | null
  total: number
  crc32: number | null
  fault: string | null
  isVerified: boolean
}

function FileRow({ file, index, top, array, total, crc32, fault, isVerified }: FileRowProps) {
  const { name, originalSize, storedSize, codec, windowsProblem } = file
  const hint = windowsProblem === null ? name : `${name}: can’t be unpacked on Windows, its name ${windowsProblem}`
  return (
    <div
      className={styles['file']}
      role="row"
      aria-rowindex={index + 2}
      data-fault={fault !== null}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" title={hint}>
        {name}
      </span>
      <span role="cell">{array !== null && <ArrayLink name={array} />}</span>
      <span role="cell">{formatBytes(originalSize)}</span>
      <span role="cell">{formatBytes(storedSize)}</span>
      <span role="cell">{originalSize > 0 ? formatPercent(storedSize, originalSize) : ''}</span>
      <span role="cell">{codec}</span>
      {fault !== null ? (
        <span role="cell" className={styles['fault']} title={fault}>
          <CircleAlert size={13} aria-label="Damaged" /> {fault}
        </span>
      ) : isVerified ? (
        <span role="cell" className={styles['whole']}>
          <Check size={13} aria-label="Whole" /> {(crc32 ?? 0).toString(16).padStart(8, '0')}
        </span>
      ) : (
        <span role="cell" className={styles['share']} title={formatPercent(storedSize, total)}>
          <i style={{ width: `${total > 0 ? (100 * storedSize) / total : 0}%` }} />
        </span>
      )}
    </div>
  )
}

function ArrayLink({ name }: { name: string }) {
  const app = useApp()
  const open = (): void => {
    const path = activeStore(app.session.getState())?.info.path
    if (path !== undefined) void showArray(app, path, name)
  }
  return (
    <button type="button" className={styles['link']} title={`Show ${name}`} onClick={open}>
      {name === '' ? '(empty name)' : name}
    </button>
  )
}
