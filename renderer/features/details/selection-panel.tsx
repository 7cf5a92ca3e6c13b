import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import { arrayKind, hasColumns } from '../../model/array-shape.ts'
import type { GridSelection } from '../../grid/index.ts'
import { runCommand } from '../../model/commands.ts'
import { useKeysOf } from '../../model/use-commands.ts'
import { useApp, useGridStatus, useSession } from '../../model/hooks.ts'
import { activeArray, activeStore, type OpenStore } from '../../model/session.ts'
import { SelectionStatistics } from './selection-statistics.tsx'
import { StatisticsSection } from './statistics-section.tsx'
import { Button } from '../../ui/button.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { formatInteger } from '../../ui/format.ts'
import { CellFacts } from './cell-facts.tsx'
import styles from './selection-panel.module.css'
import { selectedCells, describeSelection } from './selection-text.ts'
import { useCell } from '../../model/use-cell.ts'

/** A 0-D array has no grid to select its one value in. */
const ONE_VALUE: GridSelection = { cursor: { row: 0, column: 0 }, range: { rows: [0, 1], columns: [0, 1] } }

export function SelectionPanel() {
  const array = useSession(activeArray)
  const store = useSession(activeStore)
  const selected = useGridStatus(status => status.selection)
  const kind = store && array ? arrayKind(array, store.rowSet) : null
  const selection = kind === 'scalar' ? ONE_VALUE : selected
  return (
    <aside className={styles['panel']} aria-label="Selection">
      {store && array && selection && <SelectionDetails store={store} array={array} selection={selection} />}
      {store && array && kind === 'grid' && (
        <StatisticsSection key={JSON.stringify([store.info.path, array.name])} store={store} array={array} />
      )}
      {!selection && kind !== 'grid' && <p className={styles['summary']}>Select cells to see their values here.</p>}
    </aside>
  )
}

interface SelectionDetailsProps {
  store: OpenStore
  array: ArrayInfo
  selection: GridSelection
}

function SelectionDetails({ store, array, selection }: SelectionDetailsProps) {
  const app = useApp()
  const keysOf = useKeysOf()
  const index = store.activeArray?.index ?? []
  const address = { store: store.info.id, array: array.name, rowSet: store.rowSet, index, ...selection.cursor }
  return (
    <>
      <h2 className={styles['title']}>Selection</h2>
      <p className={styles['summary']}>{describeSelection(selection)}</p>
      {selectedCells(selection) > 1 && (
        <>
          <Button className={styles['copy']} onClick={() => runCommand(app, 'copyCells')}>
            Copy cells <Kbd>{keysOf('copyCells')}</Kbd>
          </Button>
          <SelectionStatistics store={store} array={array} selection={selection} />
        </>
      )}
      <SelectedCell array={array} address={address} />
    </>
  )
}

function SelectedCell({ array, address }: { array: ArrayInfo; address: NonNullable<Parameters<typeof useCell>[0]> }) {
  const { cell, failure } = useCell(address, array.generation)
  if (failure !== null) return <p className={styles['hint']}>{failure}</p>
  if (cell === null) return null
  const axes = address.index.map((value, axis) => [`Axis ${axis + 1}`, formatInteger(value)] as const)
  const column = hasColumns(array) ? [['Column', formatInteger(address.column)] as const] : []
  return <CellFacts cell={cell} indices={[...axes, ...column]} />
}
