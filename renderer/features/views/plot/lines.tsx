import { useMemo } from 'react'
import { formatValue } from '../../../../core/format/values.ts'
import { visibleText } from '../../../../core/format/visible-text.ts'
import { countRows, rowSetFacts } from '../../../../core/explorer/contract/row-sets.ts'
import { goToCell } from '../../../model/go-to-cell.ts'
import { useApp } from '../../../model/hooks.ts'
import { formatInteger, pluralize } from '../../../ui/format.ts'
import { groupDigits } from '../../../ui/number-text.ts'
import { Chart } from './chart.tsx'
import { useColours } from '../../../components/colours.ts'
import { bucketWidth, pointsOf } from './line-data.ts'
import { lineOption } from './line-option.ts'
import { formatLines } from './parse-lines.ts'
import { columnsOf, hasColumns } from '../../../model/array-shape.ts'
import { partOf } from '../../../model/complex.ts'
import type { PlotProps } from './plot-pane.tsx'
import pictureStyles from '../../../components/picture.module.css'
import { TaskProgress } from '../../../components/task-progress.tsx'
import { useDetail } from './use-detail.ts'
import { type LinesParams, MOST_BUCKETS, useLines } from './use-lines.ts'

export function Lines({ store, array, activeArray, choice }: PlotProps) {
  const app = useApp()
  const colours = useColours()
  const { along } = choice
  const alongRows = along === 'rows'
  const chosen = alongRows ? choice.columns : choice.rows
  // The columns of a scatter plot may be one column twice.
  const lines = useMemo(() => [...new Set(chosen)], [chosen])
  const size = alongRows ? countRows(array, store.rowSet) : columnsOf(array)
  const part = partOf(array, choice.part)
  const dtype = array.dtype ?? 'float64'
  const params: LinesParams | null =
    lines.length === 0
      ? null
      : {
          store: store.info.id,
          array: array.name,
          generation: array.generation,
          rowSet: store.rowSet,
          along,
          lines: [...lines],
          index: [...activeArray.index],
          range: [0, size],
          part,
        }
  // The same picture of more or of changed rows keeps its zoom, also when the store is opened again.
  const about = JSON.stringify(params && { ...params, store: null, generation: null, range: null })
  const { lines: task, cancel, restart } = useLines(params, about)
  const { detail, onZoom } = useDetail(size, about)
  const isCoarse = bucketWidth([0, size], MOST_BUCKETS) > 1
  const { lines: fine } = useLines(
    params && detail && isCoarse ? { ...params, range: [...detail] } : null,
    JSON.stringify([about, detail]),
  )
  const option = useMemo(() => {
    const buckets = task.result ?? []
    const details = detail ? fine.result : null
    const name = (line: number): string =>
      alongRows
        ? hasColumns(array)
          ? `column ${formatInteger(line)}`
          : visibleText(array.name)
        : `row ${formatInteger(line)}`
    return lineOption(
      {
        lines: buckets.map((line, i) => ({
          name: name(lines[i] ?? 0),
          points: pointsOf(line, details?.length === buckets.length ? (details[i] ?? null) : null),
        })),
        size,
        across: alongRows ? rowSetFacts(store.rowSet).axisTitle : 'Column',
        values: part === 'real' ? '' : part,
        valueText: value => groupDigits(formatValue(dtype, part, value)),
      },
      colours,
    )
  }, [task.result, fine.result, detail, alongRows, array, lines, size, store.rowSet, part, dtype, colours])
  const finer = detail ? fine.result : null
  const width = (finer ?? task.result)?.[0]?.width ?? 1
  const noun = alongRows ? 'column' : 'row'
  return (
    <>
      <Chart
        store={store}
        array={array}
        choice={choice}
        name={`${array.name} ${noun}s ${formatLines(lines)}`}
        label={`${pluralize(lines.length, noun)} of ${array.name} as lines over ${pluralize(size, alongRows ? 'row' : 'column')}`}
        option={option}
        background={colours.bg}
        zoomKey={about}
        zoomUnits="rows"
        onZoom={onZoom}
        onPick={x => {
          const at = Math.max(0, Math.min(size - 1, Math.round(x)))
          const first = lines[0] ?? 0
          void goToCell(app, alongRows ? { row: at, column: first } : { row: first, column: at })
        }}
      />
      <div className={pictureStyles['note']}>
        {task.state !== 'running' && task.result !== null && (
          <span role="status">
            {pluralize(size, alongRows ? 'row' : 'column')}
            {width > 1
              ? ` · each run of ${formatInteger(width)} drawn as its minimum and maximum; zoom in for all`
              : ` · every value ${finer ? 'in view ' : ''}drawn`}
          </span>
        )}
        <span className={pictureStyles['spacer']} />
        <TaskProgress label="Reading" task={task} onCancel={cancel} onRestart={restart} />
      </div>
    </>
  )
}
