import { useMemo } from 'react'
import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { countRows } from '../../../../core/explorer/contract/row-sets.ts'
import type { OpenStore, ActiveArray } from '../../../model/session.ts'
import { useViewState } from '../../../model/use-view-state.ts'
import { Histogram } from './histogram.tsx'
import { Lines } from './lines.tsx'
import { columnsOf } from '../../../model/array-shape.ts'
import { type KeptPlot, type PlotChoice, startOfPlot } from './plot-choice.ts'
import { PlotBar } from './plot-bar.tsx'
import pictureStyles from '../../../components/picture.module.css'
import { Scatter } from './scatter.tsx'

export interface PlotProps {
  store: OpenStore
  array: ArrayInfo
  activeArray: ActiveArray
  choice: PlotChoice
}

export function PlotPane({ store, array, activeArray }: Omit<PlotProps, 'choice'>) {
  const selected = store.selected?.array === array.name ? store.selected.range : null
  const [{ choice }, change] = useViewState<KeptPlot>(store, array, 'plot', kept =>
    startOfPlot(array, store.rowSet, selected, kept),
  )
  const rows = countRows(array, store.rowSet)
  const columns = columnsOf(array)
  // The array may have become smaller since the choice.
  const fitting = useMemo(
    () => ({
      ...choice,
      rows: choice.rows.filter(row => row < rows),
      columns: choice.columns.filter(column => column < columns),
    }),
    [choice, rows, columns],
  )
  const props = { store, array, activeArray, choice: fitting }
  return (
    <div className={pictureStyles['pane']}>
      <PlotBar
        array={array}
        rows={rows}
        columns={columns}
        choice={fitting}
        onChange={part => change(({ choice }) => ({ selected, choice: { ...choice, ...part } }))}
      />
      {fitting.kind === 'lines' && <Lines {...props} />}
      {fitting.kind === 'scatter' && <Scatter {...props} />}
      {fitting.kind === 'histogram' && <Histogram {...props} />}
    </div>
  )
}
