import { Copy } from 'lucide-react'
import { useKeysOf } from '../shell/use-keys.ts'
import { runCommand } from '../shell/commands.ts'
import { useApp } from '../state/hooks.ts'
import { IconButton } from '../ui/button.tsx'
import { count, hexText } from '../ui/format.ts'
import styles from './selection-panel.module.css'
import type { Cell } from './use-cell.ts'

interface CellFactsProps {
  cell: Cell
  /** Names and values of the indices beside the row. */
  indices: readonly (readonly [name: string, value: string])[]
}

/** All about one element. */
export function CellFacts({ cell, indices }: CellFactsProps) {
  const app = useApp()
  const keysOf = useKeysOf()
  const deleted = cell.logicalRow === null
  const facts: (readonly [string, string])[] = [
    ['Type', cell.dtype],
    ...(deleted ? [] : [['Row', count(cell.logicalRow ?? 0)] as const]),
    ['Row on disk', count(cell.physicalRow)],
    ...indices,
    ['Bytes', hexText(cell.bytes)],
    ['File', cell.file],
    ['File offset', count(cell.offset)],
  ]
  return (
    <>
      <div className={styles['value']}>
        <output aria-label="Value" className={deleted ? styles['deleted'] : ''}>
          {cell.value}
        </output>
        <IconButton
          label="Copy the value"
          keys={keysOf('copyValue')}
          small
          onClick={() => runCommand(app, 'copyValue')}
        >
          <Copy size={14} />
        </IconButton>
      </div>
      <dl className={styles['list']}>
        {deleted && (
          <>
            <dt>Row</dt>
            <dd className={styles['mark']}>deleted</dd>
          </>
        )}
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
