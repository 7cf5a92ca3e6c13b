import { useMemo } from 'react'
import { countRows } from '../../../../core/explorer/contract/row-sets.ts'
import { goToCell } from '../../../model/go-to-cell.ts'
import { useApp } from '../../../model/hooks.ts'
import { formatInteger, pluralize } from '../../../ui/format.ts'
import { Chart } from './chart.tsx'
import { useColours } from '../../../components/colours.ts'
import { partOf } from '../../../model/complex.ts'
import { columnsOf } from '../../../model/array-shape.ts'
import type { PlotProps } from './plot-pane.tsx'
import pictureStyles from '../../../components/picture.module.css'
import { TaskProgress } from '../../../components/task-progress.tsx'
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
  const step = Math.max(1, Math.ceil(rows / MOST_POINTS))
  const { generation } = array
  const where = { store: store.info.id, array: array.name, generation, rowSet: store.rowSet, index: activeArray.index }
  const key = JSON.stringify([where, x, y, part, rows])
  const { sample, cancel, restart } = useRowSample({
    ...where,
    x,
    y,
    part,
    rows,
    step,
    axes: array.physicalShape.length,
  })
  const { result: read } = sample
  const option = useMemo(() => {
    const points: ScatterPoint[] = []
    for (const [i, valueX] of read?.x.entries() ?? []) {
      const valueY = read!.y[i]!
      if (Number.isFinite(valueX) && Number.isFinite(valueY)) points.push([valueX, valueY, i * step])
    }
    return scatterOption({ points, x: `column ${formatInteger(x)}`, y: `column ${formatInteger(y)}` }, colours)
  }, [read, step, x, y, colours])
  return (
    <>
      <Chart
        name={`${array.name} columns ${x} and ${y}`}
        label={`Rows of ${array.name} as points of columns ${x} and ${y}`}
        option={option}
        background={colours.bg}
        zoomKey={key}
        onPick={(valueX, valueY) => {
          const row = read && nearest(read, step, valueX, valueY)
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

const spread = (values: Float64Array): number => {
  const finite = values.filter(Number.isFinite)
  return finite.reduce((a, b) => Math.max(a, b), -Infinity) - finite.reduce((a, b) => Math.min(a, b), Infinity) || 1
}

/** Returns the row of the nearest point, with distances scaled to the spread of the points. */
function nearest({ x: xs, y: ys }: RowSample, step: number, x: number, y: number): number | null {
  const [scaleX, scaleY] = [spread(xs), spread(ys)]
  let best = null
  let least = Infinity
  for (const [i, valueX] of xs.entries()) {
    const distance = Math.hypot((valueX - x) / scaleX, (ys[i]! - y) / scaleY)
    if (distance < least) {
      least = distance
      best = i * step
    }
  }
  return best
}
