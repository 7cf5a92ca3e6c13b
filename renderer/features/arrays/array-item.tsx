import { TriangleAlert } from 'lucide-react'
import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { DTypeTag } from '../../ui/dtype-tag.tsx'
import { toSentence, formatBytes, pluralize, formatPercent, formatShapeOrScalar, formatShape } from '../../ui/format.ts'
import styles from './array-item.module.css'

/** Pixels per item: two lines of text, plus the bar of deleted rows when there is one. */
const PLAIN_HEIGHT = 49
const BAR_HEIGHT = 7

const hasBar = (array: ArrayInfo): boolean => array.damaged === null && array.deletedRows > 0

export const itemHeight = (array: ArrayInfo): number => PLAIN_HEIGHT + (hasBar(array) ? BAR_HEIGHT : 0)

interface ArrayItemProps {
  id: string
  array: ArrayInfo
  position: number
  total: number
  top: number
  selected: boolean
  active: boolean
  onOpen: () => void
}

export const ArrayItem = ({ id, array, position, total, top, selected, active, onOpen }: ArrayItemProps) => (
  // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- keys belong to the list box around it
  <div
    id={id}
    className={`${styles['item']} ${active ? styles['active'] : ''}`}
    style={{ transform: `translateY(${top}px)` }}
    role="option"
    tabIndex={-1}
    aria-selected={selected}
    aria-posinset={position}
    aria-setsize={total}
    onClick={onOpen}
  >
    <span className={styles['name']} title={array.name}>
      {array.name === '' ? '(empty name)' : array.name}
    </span>
    <DTypeTag dtype={array.dtype} />
    {array.damaged === null ? (
      <FactList array={array} />
    ) : (
      <Unreadable label={array.isBehindLink ? 'Behind a link' : 'Damaged'} reason={toSentence(array.damaged)} />
    )}
  </div>
)

function FactList({ array }: { array: ArrayInfo }) {
  const { shape, deletedRows, physicalShape, sizeBytes } = array
  const rows = physicalShape[0] ?? 0
  const deleted = `${pluralize(deletedRows, 'deleted row')}, ${formatPercent(deletedRows, rows)}`
  return (
    <>
      <span className={styles['small']} title={formatShape(shape)}>
        {formatShapeOrScalar(shape)}
      </span>
      <span className={styles['small']}>{formatBytes(sizeBytes)}</span>
      {hasBar(array) && (
        <div className={styles['bar']} role="img" aria-label={deleted} title={deleted}>
          <div style={{ width: `${(100 * deletedRows) / rows}%` }} />
        </div>
      )}
    </>
  )
}

const Unreadable = ({ label, reason }: { label: string; reason: string }) => (
  <div className={styles['damage']} title={reason}>
    <TriangleAlert size={12} aria-label={label} />
    <span>{reason}</span>
  </div>
)
