import type { ArrayInfo } from '../../core/explorer/contract/types.ts'
import { arrayKind } from '../explorer/array-shape.ts'
import type { GridSelection } from '../grid/index.ts'
import { runCommand } from '../shell/commands.ts'
import { useKeysOf } from '../shell/use-keys.ts'
import { useApp, useLive, useSession } from '../state/hooks.ts'
import { activeArray, activeStore } from '../state/session.ts'
import { Button } from '../ui/button.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { count } from '../ui/format.ts'
import { ArrayFacts } from './array-facts.tsx'
import { CellFacts } from './cell-facts.tsx'
import styles from './selection-panel.module.css'
import { selectedCells, selectionText } from './summary.ts'
import { useCell } from './use-cell.ts'

/** 0-D arrays have one value and no grid to select it in. */
const ONE_VALUE: GridSelection = { cursor: { row: 0, column: 0 }, range: { rows: [0, 1], columns: [0, 1] } }

/** What is selected, in full: value, place, bytes. */
export function SelectionPanel() {
  const app = useApp()
  const keysOf = useKeysOf()
  const array = useSession(activeArray)
  const store = useSession(activeStore)
  const selected = useLive(live => live.selection)
  const selection = array && arrayKind(array, 'active') === 'scalar' ? ONE_VALUE : selected
  if (!store?.shown || !array || !selection) {
    return (
      <aside className={styles['panel']} aria-label="Selection">
        {array ? <ArrayFacts array={array} /> : <p className={styles['summary']}>What you select is explained here.</p>}
      </aside>
    )
  }
  const { index } = store.shown
  const address = { store: store.info.id, array: array.name, view: store.view, index, ...selection.cursor }
  return (
    <aside className={styles['panel']} aria-label="Selection">
      <h2 className={styles['title']}>Selection</h2>
      <p className={styles['summary']}>{selectionText(selection)}</p>
      {selectedCells(selection) > 1 && (
        <Button className={styles['copy']} onClick={() => runCommand(app, 'copyCells')}>
          Copy cells <Kbd>{keysOf('copyCells')}</Kbd>
        </Button>
      )}
      <SelectedCell array={array} address={address} />
    </aside>
  )
}

function SelectedCell({ array, address }: { array: ArrayInfo; address: NonNullable<Parameters<typeof useCell>[0]> }) {
  const { cell, failure } = useCell(address, array.generation)
  if (failure !== null) return <p className={styles['hint']}>{failure}</p>
  if (cell === null) return null
  const axes = address.index.map((value, axis) => [`Axis ${axis + 1}`, count(value)] as const)
  const column = array.physicalShape.length > 1 ? [['Column', count(address.column)] as const] : []
  return <CellFacts cell={cell} indices={[...axes, ...column]} />
}
