import type { ArrayInfo } from '../../../core/explorer/contract/types.ts'
import type { GridSelection } from '../../grid/index.ts'
import type { OpenStore } from '../../model/session.ts'
import { formatInteger } from '../../ui/format.ts'
import { valueFacts } from './statistics-facts.ts'
import { StatisticsList } from './statistics-list.tsx'
import { TaskProgress } from '../../components/task-progress.tsx'
import styles from './stats.module.css'
import { type StatisticsParams, useFiguresMeanwhile, useStatistics } from '../../model/statistics/use-statistics.ts'

/** Compute once the selection has not changed for this long, milliseconds: a drag changes it all the time. */
const REST_MS = 250

interface SelectionStatisticsProps {
  store: OpenStore
  array: ArrayInfo
  selection: GridSelection
}

export function SelectionStatistics({ store, array, selection }: SelectionStatisticsProps) {
  const { rows, columns } = selection.range
  const params: StatisticsParams = {
    store: store.info.id,
    array: array.name,
    generation: array.generation,
    rowSet: store.rowSet,
    rows: [...rows],
    columns: [...columns],
    index: [...(store.activeArray?.index ?? [])],
    bins: 1,
    scale: 'linear',
  }
  const { statistics, cancel, restart } = useStatistics(params, REST_MS)
  const { figures, isBefore } = useFiguresMeanwhile(statistics)
  const real = figures?.magnitude ?? figures
  return (
    <>
      <TaskProgress label="Statistics" task={statistics} onCancel={cancel} onRestart={restart} />
      {figures && real && (
        <div className={isBefore ? styles['before'] : ''} aria-busy={isBefore}>
          <StatisticsList
            facts={[
              ...(figures.nan > 0 ? [{ name: 'NaN', value: formatInteger(figures.nan) }] : []),
              ...valueFacts(real),
            ]}
            rowSet={store.rowSet}
            isBefore={isBefore}
          />
        </div>
      )}
    </>
  )
}
