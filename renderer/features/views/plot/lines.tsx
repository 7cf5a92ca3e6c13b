import { useMemo } from 'react'
import { visibleText } from '../../../../core/format/visible-text.ts'
import { countRows, rowSetFacts } from '../../../../core/explorer/contract/row-sets.ts'
import { goToCell } from '../../../model/go-to-cell.ts'
import { useApp } from '../../../model/hooks.ts'
import { formatInteger, pluralize } from '../../../ui/format.ts'
import { Chart } from './chart.tsx'
import { useColours } from '../../../components/colours.ts'
import { bucketWidth, pointsOf } from './line-data.ts'
import { lineOption } from './line-option.ts'
import { formatLines } from './parse-lines.ts'
import { columnsOf, hasColumns } from '../../../model/array-shape.ts'
import { partOf } from '../../../model/complex.ts'
import type { PlotProps } from './plot-pane.tsx'
import { type LinesRead, type LinesRequest, readLines } from './read-line.ts'
import { ReadingNote } from './reading-note.tsx'
import { useDetail } from './use-detail.ts'
import { useReading } from './use-reading.ts'

export function Lines({ store, array, activeArray, choice }: PlotProps) {
  const app = useApp()
  const colours = useColours()
  const { along } = choice
  const alongRows = along === 'rows'
  const lines = alongRows ? choice.columns : choice.rows
  const size = alongRows ? countRows(array, store.rowSet) : columnsOf(array)
  const part = partOf(array, choice.part)
  const request: LinesRequest | null =
    lines.length === 0
      ? null
      : {
          store: store.info.id,
          array: array.name,
          rowSet: store.rowSet,
          along,
          lines: [...lines],
          index: [...activeArray.index],
          range: [0, size],
          part,
        }
  const key = JSON.stringify([request, array.generation])
  const readOf = (request: LinesRequest | null) =>
    request &&
    ((signal: AbortSignal, onRead: (read: LinesRead) => void) => readLines(app.bridge, request, signal, onRead))
  const { reading, cancel } = useReading(readOf(request), key)
  const { detail, onZoom } = useDetail(size, key)
  const isCoarse = bucketWidth([0, size], 2048) > 1
  const fine = useReading(
    readOf(request && detail && isCoarse ? { ...request, range: [...detail] } : null),
    JSON.stringify([key, detail]),
  )
  const option = useMemo(() => {
    const { buckets = [] } = reading.read ?? {}
    const details = detail ? fine.reading.read?.buckets : undefined
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
      },
      colours,
    )
  }, [reading.read, fine.reading.read, detail, alongRows, array, lines, size, store.rowSet, part, colours])
  const { read } = reading
  const width = read?.buckets[0]?.width ?? 1
  const noun = alongRows ? 'column' : 'row'
  return (
    <>
      <Chart
        name={`${array.name} ${noun}s ${formatLines(lines)}`}
        label={`${pluralize(lines.length, noun)} of ${array.name} as lines over ${pluralize(size, alongRows ? 'row' : 'column')}`}
        option={option}
        background={colours.bg}
        zoomKey={key}
        onZoom={onZoom}
        onPick={x => {
          const at = Math.max(0, Math.min(size - 1, Math.round(x)))
          const first = lines[0] ?? 0
          void goToCell(app, alongRows ? { row: at, column: first } : { row: first, column: at })
        }}
      />
      <ReadingNote
        done={read?.done ?? 0}
        total={read?.total ?? size}
        elapsed={reading.elapsed}
        state={reading.state}
        onCancel={cancel}
      >
        <span>
          {pluralize(size, alongRows ? 'row' : 'column')}
          {read === null
            ? ''
            : width > 1
              ? ` · each run of ${formatInteger(width)} drawn as its minimum and maximum; zoom in for all`
              : ' · every value drawn'}
        </span>
      </ReadingNote>
    </>
  )
}
