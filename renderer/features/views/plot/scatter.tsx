import { useMemo } from 'react'
import { countRows } from '../../../../core/explorer/contract/row-sets.ts'
import { extentOf, formatValue, isFiniteValue, type Value } from '../../../../core/format/values.ts'
import { goToCell } from '../../../model/go-to-cell.ts'
import { useApp } from '../../../model/hooks.ts'
import { formatInteger, pluralize } from '../../../ui/format.ts'
import { groupDigits } from '../../../ui/number-text.ts'
import { Chart } from './chart.tsx'
import { useColours } from '../../../components/colours.ts'
import { partOf } from '../../../model/complex.ts'
import { columnsOf } from '../../../model/array-shape.ts'
import type { PlotProps } from './plot-pane.tsx'
import pictureStyles from '../../../components/picture.module.css'
import { TaskProgress } from '../../../components/task-progress.tsx'
import { AxisScale } from './axis-scale.ts'
import { type ScatterPoint, scatterOption } from './scatter-option.ts'
import { type RowSample, useRowSample } from './use-row-sample.ts'

/** More points only hide each other. */
const MOST_POINTS = 20_000

export function Scatter({ store, array, activeArray, choice }: PlotProps) {
  const app = useApp()
  const colours = useColours()
  const rows = countRows(array, store.rowSet)
  const [x = 0, y = Math.min(1, columnsOf(array) - 1)] = choice.columns
  const part = partOf(array, choice.part)
  const dtype = array.dtype ?? 'float64'
  const step = Math.max(1, Math.ceil(rows / MOST_POINTS))
  const { generation } = array
  const where = { store: store.info.id, array: array.name, rowSet: store.rowSet, index: activeArray.index }
  const about = JSON.stringify([store.rowSet, activeArray.index, x, y, part])
  const axes = array.physicalShape.length
  const { sample, cancel, restart } = useRowSample({ ...where, generation, x, y, part, rows, step, axes }, about)
  const { result: read } = sample
  const points = useMemo(() => (read === null ? [] : pointsOf(read)), [read])
  const scales = useMemo(
    () => ({
      x: new AxisScale(extentOf(points.map(point => point.x)) ?? [0, 1]),
      y: new AxisScale(extentOf(points.map(point => point.y)) ?? [0, 1]),
    }),
    [points],
  )
  const option = useMemo(() => {
    const valueText = (value: Value): string => groupDigits(formatValue(dtype, partOf(array, choice.part), value))
    const names = { x: `column ${formatInteger(x)}`, y: `column ${formatInteger(y)}` }
    return scatterOption({ points, ...names, scales, valueText }, colours)
  }, [points, scales, x, y, dtype, array, choice.part, colours])
  return (
    <>
      <Chart
        store={store}
        array={array}
        choice={choice}
        name={`${array.name} columns ${x} and ${y}`}
        label={`Rows of ${array.name} as points of columns ${x} and ${y}`}
        option={option}
        background={colours.bg}
        zoomKey={about}
        zoomUnits={`${scales.x.units} ${scales.y.units}`}
        onPick={(valueX, valueY) => {
          const row = nearestRow(points, scales, valueX, valueY)
          if (row !== null) void goToCell(app, { row, column: x })
        }}
      />
      <div className={pictureStyles['note']}>
        {sample.state !== 'running' && read !== null && (
          <span role="status">
            {step > 1
              ? `A sample: every ${formatInteger(step)}th row, ${formatInteger(read.x.length)} of ${formatInteger(rows)}`
              : `All ${pluralize(rows, 'row')}`}
          </span>
        )}
        <span className={pictureStyles['spacer']} />
        <TaskProgress label="Reading" task={sample} onCancel={cancel} onRestart={restart} />
      </div>
    </>
  )
}

function pointsOf({ x: xs, y: ys, step }: RowSample): ScatterPoint[] {
  const points: ScatterPoint[] = []
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = [xs[i]!, ys[i]!]
    if (isFiniteValue(x) && isFiniteValue(y)) points.push({ x, y, row: i * step })
  }
  return points
}

/** Returns the row of the point nearest to positions on the scales of both axes; null without points. */
function nearestRow(
  points: readonly ScatterPoint[],
  scales: { x: AxisScale; y: AxisScale },
  x: number,
  y: number,
): number | null {
  let best = null
  let least = Infinity
  for (const point of points) {
    const distance = Math.hypot(scales.x.positionOf(point.x) - x, scales.y.positionOf(point.y) - y)
    if (distance < least) {
      least = distance
      best = point.row
    }
  }
  return best
}
