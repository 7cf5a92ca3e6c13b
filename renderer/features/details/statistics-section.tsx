import { useState } from 'react'
import type { ArrayInfo, Figures, RowSetName } from '../../../core/explorer/contract/types.ts'
import { countedRowSet, countRows, rowSetFacts } from '../../../core/explorer/contract/row-sets.ts'
import { columnsOf } from '../../model/array-shape.ts'
import { useKeysOf } from '../../model/use-commands.ts'
import { useApp, useGridStatus, usePreferences } from '../../model/hooks.ts'
import { setPreference } from '../../model/preferences.ts'
import type { OpenStore } from '../../model/session.ts'
import { formatInteger, pluralize } from '../../ui/format.ts'
import { SegmentedControl } from '../../ui/segmented-control.tsx'
import { ChannelTable } from './channel-table.tsx'
import { countFacts, quantileFacts, valueCountFacts, valueFacts } from './statistics-facts.ts'
import { StatisticsList } from './statistics-list.tsx'
import { HistogramView } from './histogram-view.tsx'
import { TaskProgress } from '../../components/task-progress.tsx'
import styles from './stats.module.css'
import { useFiguresMeanwhile, useStatistics, wholeArray, wholeColumn } from '../../model/statistics/use-statistics.ts'

const BINS = ['32', '64', '128', '256'].map(value => ({ value, label: value, tooltip: `${value} bins` }))

/** Read a column's statistics once the cursor has stayed in it for this long, milliseconds. */
const REST_MS = 250

/** Returns the cursor's column if it can have statistics of its own, else null. */
function useColumn(array: ArrayInfo): number | null {
  const column = useGridStatus(({ selection }) => selection?.cursor.column ?? null)
  const columns = columnsOf(array)
  return columns > 1 && column !== null && column < columns ? column : null
}

/** Statistics of the array or of the cursor's column; they refine while they are shown. */
export function StatisticsSection({ store, array }: { store: OpenStore; array: ArrayInfo }) {
  const [bins, setBins] = useState('64')
  const [scale, setScale] = useState<'linear' | 'log'>('linear')
  const rowSet = countedRowSet(store.rowSet)
  const app = useApp()
  const keysOf = useKeysOf()
  const column = useColumn(array)
  const wanted = usePreferences(({ statisticsOf }) => statisticsOf)
  const ofColumn = wanted === 'column' && column !== null
  const histogram = { bins: Number(bins), scale }
  const params = ofColumn ? wholeColumn(store, array, column, histogram) : wholeArray(store, array, histogram)
  const { statistics, cancel, restart } = useStatistics(params, ofColumn ? REST_MS : 0)
  const { figures, isBefore } = useFiguresMeanwhile(statistics)
  return (
    <section className={styles['section']} aria-label="Statistics">
      <header className={styles['head']}>
        <h2 className={styles['title']}>Statistics</h2>
        <span className={styles['of']}>
          {statistics.state !== 'done' && figures && !isBefore ? 'partial · ' : ''}
          {pluralize(countRows(array, rowSet), rowSetFacts(rowSet).noun)}
        </span>
      </header>
      {column !== null && (
        <div className={styles['scope']}>
          <SegmentedControl
            label="Statistics of"
            options={[
              {
                value: 'array',
                label: 'Array',
                tooltip: 'Show statistics of the whole array',
                shortcut: keysOf('switchStatistics'),
              },
              {
                value: 'column',
                label: `Column ${formatInteger(column)}`,
                tooltip: 'Show statistics of the cursor’s column',
                shortcut: keysOf('switchStatistics'),
              },
            ]}
            value={wanted}
            onChange={value => setPreference(app, 'statisticsOf', value)}
          />
        </div>
      )}
      <TaskProgress label="Statistics" task={statistics} onCancel={cancel} onRestart={restart} />
      {figures && (
        <div className={isBefore ? styles['before'] : ''} aria-busy={isBefore}>
          {figures.histogram && <HistogramView dtype={figures.dtype} histogram={figures.histogram} />}
          {(figures.histogram ?? figures.magnitude?.histogram) && (
            <div className={styles['options']}>
              <SegmentedControl label="Bins" options={BINS} value={bins} onChange={setBins} />
              <label>
                <input
                  type="checkbox"
                  checked={scale === 'log'}
                  onChange={({ target }) => setScale(target.checked ? 'log' : 'linear')}
                />{' '}
                Log axis
              </label>
            </div>
          )}
          <StatisticsList
            facts={[...countFacts(figures), ...valueFacts(figures), ...quantileFacts(figures)]}
            rowSet={rowSet}
            isBefore={isBefore}
          />
          {figures.channels && <ChannelTable channels={figures.channels} />}
          <ValueCounts figures={figures} rowSet={rowSet} isBefore={isBefore} />
          <ComplexPart title="Magnitude" figures={figures.magnitude} rowSet={rowSet} isBefore={isBefore} />
          <ComplexPart title="Phase" figures={figures.phase} rowSet={rowSet} isBefore={isBefore} />
        </div>
      )}
    </section>
  )
}

interface ValueCountsProps {
  figures: Figures
  rowSet: RowSetName
  isBefore: boolean
}

function ValueCounts({ figures, rowSet, isBefore }: ValueCountsProps) {
  const facts = valueCountFacts(figures)
  if (facts.length === 0) return null
  const all = facts.length === figures.valueCounts?.length
  return (
    <>
      <h3 className={styles['subtitle']}>{all ? 'Values' : 'Most frequent values'}</h3>
      <StatisticsList facts={facts} rowSet={rowSet} isBefore={isBefore} />
    </>
  )
}

interface ComplexPartProps {
  title: string
  figures: Figures['magnitude']
  rowSet: RowSetName
  isBefore: boolean
}

function ComplexPart({ title, figures, rowSet, isBefore }: ComplexPartProps) {
  if (figures === null) return null
  return (
    <>
      <h3 className={styles['subtitle']}>{title}</h3>
      {figures.histogram && <HistogramView dtype={figures.dtype} histogram={figures.histogram} />}
      <StatisticsList facts={[...valueFacts(figures), ...quantileFacts(figures)]} rowSet={rowSet} isBefore={isBefore} />
    </>
  )
}
