import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronUp } from 'lucide-react'
import { type CSSProperties, useMemo, useRef } from 'react'
import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { countedRowSet, countRows } from '../../../../core/explorer/contract/row-sets.ts'
import type { DType } from '../../../../core/format/dtype.ts'
import { LIMITS } from '../../../../core/format/limits.ts'
import { formatValue } from '../../../../core/format/values.ts'
import { goToCell } from '../../../model/go-to-cell.ts'
import { columnsOf } from '../../../model/array-shape.ts'
import { useApp } from '../../../model/hooks.ts'
import type { OpenStore, ActiveArray } from '../../../model/session.ts'
import { useViewState } from '../../../model/use-view-state.ts'
import { formatInteger, pluralize } from '../../../ui/format.ts'
import { formatNumber, formatNumberWithin, groupDigits, plainNumber } from '../../../ui/number-text.ts'
import { type ColumnKey, columnNotes, figureOf, sortedColumns } from './column-order.ts'
import { ColumnPages, pageRange, pagesOf } from './column-pages.tsx'
import styles from './columns.module.css'
import { TaskProgress } from '../../../components/task-progress.tsx'
import { type ColumnParams, useColumnStatistics } from './use-column-statistics.ts'

const ROW_HEIGHT = 24
const OVERSCAN = 12

const FIGURES = ['nan', 'infinite', 'zeros', 'min', 'max', 'mean', 'std'] as const

const TITLES: Record<ColumnKey, string> = {
  column: 'Column',
  nan: 'NaN',
  infinite: 'Infinite',
  zeros: 'Zeros',
  min: 'Min',
  max: 'Max',
  mean: 'Mean',
  std: 'Std',
}

interface TableState {
  sort: { key: ColumnKey; descending: boolean }
  page: number
}

const UNSORTED: TableState = { sort: { key: 'column', descending: false }, page: 0 }

interface ColumnsPaneProps {
  store: OpenStore
  array: ArrayInfo
  activeArray: ActiveArray
}

/** Table of column statistics (one page at a time for a wide array). It sorts, and each row leads to its column. */
export function ColumnsPane({ store, array, activeArray }: ColumnsPaneProps) {
  const app = useApp()
  const [{ sort, page: chosenPage }, change] = useViewState<TableState>(
    store,
    array,
    'columns',
    kept => kept ?? UNSORTED,
  )
  const columns = columnsOf(array)
  const page = Math.min(chosenPage, pagesOf(columns) - 1)
  const [start, stop] = pageRange(page, columns)
  const rowSet = countedRowSet(store.rowSet)
  const rows = countRows(array, rowSet)
  const params: ColumnParams = {
    store: store.info.id,
    array: array.name,
    generation: array.generation,
    rowSet,
    columns: [start, start + LIMITS.columnsPage],
    index: [...activeArray.index],
  }
  const { statistics, cancel, restart } = useColumnStatistics(params)
  const { result: figures, state } = statistics
  const dtype = array.dtype ?? 'float64'
  const order = useMemo(
    () => figures && sortedColumns(figures, dtype, sort.key, sort.descending),
    [figures, dtype, sort],
  )
  const extremeWidth = useMemo(
    () => (figures ? widestExtreme(figures, dtype, stop - start) : 0),
    [figures, dtype, start, stop],
  )
  const notes = useMemo(
    () => (figures && state === 'done' ? columnNotes(figures, start) : null),
    [figures, state, start],
  )
  const frame = useRef<HTMLDivElement>(null)
  // oxlint-disable-next-line react/incompatible-library -- nothing that it returns is memoized here
  const virtualizer = useVirtualizer({
    count: stop - start,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
  })
  const sortBy = (key: ColumnKey): void =>
    change(({ sort, page }) => ({
      page,
      sort: { key, descending: sort.key === key ? !sort.descending : key !== 'column' },
    }))
  const choosePage = (page: number): void => {
    change(({ sort }) => ({ sort, page }))
    frame.current?.scrollTo(0, 0)
  }
  const odd = notes?.filter(note => note !== '').length ?? 0
  return (
    <div className={styles['pane']}>
      <div
        ref={frame}
        className={styles['table']}
        role="table"
        aria-label={`Columns of ${array.name}`}
        aria-rowcount={stop - start + 1}
        style={{ '--extreme': `${extremeWidth * CHARACTER + CELL_PADDING}px` } as CSSProperties}
      >
        <div className={styles['head']} role="row" aria-rowindex={1}>
          <SortHeader name="column" sort={sort} onSort={sortBy} />
          <div role="columnheader" className={styles['note']}>
            Note
          </div>
          {FIGURES.map(name => (
            <SortHeader key={name} name={name} sort={sort} onSort={sortBy} />
          ))}
        </div>
        <div className={styles['rows']} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start: top }) => {
            const place = order?.[index] ?? index
            const column = start + place
            return (
              <div
                key={index}
                role="row"
                aria-rowindex={index + 2}
                className={styles['row']}
                style={{ transform: `translateY(${top}px)` }}
              >
                <div role="rowheader">
                  <button
                    type="button"
                    title={`Go to column ${formatInteger(column)}`}
                    onClick={() => void goToCell(app, { row: activeArray.top, column })}
                  >
                    {formatInteger(column)}
                  </button>
                </div>
                <div role="cell" className={styles['note']}>
                  {notes?.[place]}
                </div>
                {FIGURES.map(name => (
                  <FigureCell key={name} figure={figures && figureText(figures, name, dtype, place)} />
                ))}
              </div>
            )
          })}
        </div>
      </div>
      <div className={styles['status']}>
        <ColumnPages page={page} columns={columns} onChoose={choosePage} />
        {state === 'running' && statistics.progress.bytesTotal === 0 && <span role="status">Reading…</span>}
        <TaskProgress label="Statistics" task={statistics} onCancel={cancel} onRestart={restart} />
        {state === 'done' && (
          <span role="status">
            {pluralize(stop - start, 'column')} over {pluralize(rows, 'row')}
            {odd > 0 && ` · ${formatInteger(odd)} constant, all NaN or the same as another`}
          </span>
        )}
      </div>
    </div>
  )
}

interface SortHeaderProps {
  name: ColumnKey
  sort: { key: ColumnKey; descending: boolean }
  onSort: (key: ColumnKey) => void
}

const SortHeader = ({ name, sort, onSort }: SortHeaderProps) => (
  <div role="columnheader" aria-sort={sort.key !== name ? 'none' : sort.descending ? 'descending' : 'ascending'}>
    <button type="button" onClick={() => onSort(name)}>
      {TITLES[name]}
      {sort.key === name && (sort.descending ? <ChevronDown size={12} /> : <ChevronUp size={12} />)}
    </button>
  </div>
)

/** Characters that fit a column of the table. */
const MOST_CHARACTERS = 12

/** Width of a character of the table and padding of a cell, pixels. */
const CHARACTER = 7.25
const CELL_PADDING = 18

/** Columns whose extremes decide how wide their cells are. */
const MEASURED_COLUMNS = 2000

interface FigureText {
  readonly shown: string
  /** In full, as programs read it. */
  readonly exact: string
}

/** Extremes are elements: they are shown in full. Figures that are computed are rounded to the width of their cell. */
function figureText(fields: Float64Array, name: (typeof FIGURES)[number], dtype: DType, column: number): FigureText {
  const value = figureOf(fields, name, dtype)(column)
  if (value !== value) return { shown: '', exact: '' }
  if (name === 'min' || name === 'max') {
    const exact = formatValue(dtype, 'magnitude', value)
    return { shown: groupDigits(exact), exact }
  }
  return { shown: formatNumberWithin(MOST_CHARACTERS, Number(value)), exact: plainNumber(formatNumber(value)) }
}

const widestExtreme = (fields: Float64Array, dtype: DType, columns: number): number =>
  Array.from({ length: Math.min(columns, MEASURED_COLUMNS) }, (_, column) =>
    Math.max(...EXTREMES.map(name => figureText(fields, name, dtype, column).shown.length)),
  ).reduce((a, b) => Math.max(a, b), 0)

const EXTREMES = ['min', 'max'] as const

const FigureCell = ({ figure }: { figure: FigureText | null }) => (
  <div role="cell" title={figure !== null && plainNumber(figure.shown) !== figure.exact ? figure.exact : undefined}>
    {figure?.shown}
  </div>
)
