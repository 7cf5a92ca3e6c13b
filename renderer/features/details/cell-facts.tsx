import { useKeysOf } from '../../model/use-commands.ts'
import { runCommand } from '../../model/commands.ts'
import { useApp } from '../../model/hooks.ts'
import { Copyable } from '../../ui/copyable.tsx'
import { formatInteger, formatHex } from '../../ui/format.ts'
import { type Fact, FactList } from './fact-list.tsx'
import styles from './selection-panel.module.css'
import type { CellDescription } from '../../model/use-cell.ts'

interface CellFactsProps {
  cell: CellDescription
  indices: readonly Fact[]
}

export function CellFacts({ cell, indices }: CellFactsProps) {
  const app = useApp()
  const keysOf = useKeysOf()
  const deleted = cell.logicalRow === null
  const facts: Fact[] = [
    ['Type', cell.dtype],
    ['Row', cell.logicalRow === null ? 'deleted' : formatInteger(cell.logicalRow)],
    ['Row on disk', formatInteger(cell.physicalRow)],
    ...indices,
    ['Bytes', formatHex(cell.bytes)],
    ['File', cell.file],
    ['File offset', formatInteger(cell.offset)],
  ]
  return (
    <>
      <Copyable label="Copy the value" shortcut={keysOf('copyValue')} onCopy={() => runCommand(app, 'copyValue')}>
        <output aria-label="Value" className={`${styles['value']} ${deleted ? styles['deleted'] : ''}`}>
          {cell.value}
        </output>
      </Copyable>
      <FactList facts={facts} />
    </>
  )
}
