import { useKeysOf } from '../../model/use-commands.ts'
import { runCommand } from '../../model/commands.ts'
import { useApp } from '../../model/hooks.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { count, hexText } from '../../ui/format.ts'
import { type Fact, Facts } from './facts.tsx'
import styles from './selection-panel.module.css'
import type { Cell } from '../../model/use-cell.ts'

interface CellFactsProps {
  cell: Cell
  indices: readonly Fact[]
}

export function CellFacts({ cell, indices }: CellFactsProps) {
  const app = useApp()
  const keysOf = useKeysOf()
  const deleted = cell.logicalRow === null
  const facts: Fact[] = [
    ['Type', cell.dtype],
    ['Row', cell.logicalRow === null ? 'deleted' : count(cell.logicalRow)],
    ['Row on disk', count(cell.physicalRow)],
    ...indices,
    ['Bytes', hexText(cell.bytes)],
    ['File', cell.file],
    ['File offset', count(cell.offset)],
  ]
  return (
    <>
      <Copyable label="Copy the value" keys={keysOf('copyValue')} onCopy={() => runCommand(app, 'copyValue')}>
        <output aria-label="Value" className={`${styles['value']} ${deleted ? styles['deleted'] : ''}`}>
          {cell.value}
        </output>
      </Copyable>
      <Facts facts={facts} />
    </>
  )
}
