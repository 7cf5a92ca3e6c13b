import type { EChartsOption } from 'echarts'
import { extentOf } from '../../../../core/format/values.ts'
import { AxisScale } from './axis-scale.ts'
import { axisOption, baseOption, legendOption, tooltipContent, valueAxisOption } from './base-option.ts'
import { formatNumber } from '../../../ui/number-text.ts'
import type { Colours } from '../../../components/colours.ts'
import { isLone, type LinePoint } from './line-data.ts'

/** Most points that are marked individually. */
const MARKED_POINTS = 150

interface NamedLine {
  name: string
  points: readonly LinePoint[]
}

interface LinePlot {
  lines: readonly NamedLine[]
  size: number
  /** Title of the horizontal axis, and of the values. */
  across: string
  values: string
  valueText: (value: LinePoint[1]) => string
}

interface Hovered {
  seriesIndex: number
  dataIndex: number
}

export function lineOption({ lines, size, across, values, valueText }: LinePlot, colours: Colours): EChartsOption {
  const extent = extentOf(lines.flatMap(({ points }) => points.map(([, value]) => value)))
  const scale = new AxisScale(extent ?? [0, 1])
  return {
    ...baseOption(colours),
    legend: legendOption(
      colours,
      lines.map(({ name }) => name),
    ),
    tooltip: {
      ...baseOption(colours).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: colours['ink-3'] }, snap: true },
      formatter: hovered => {
        const points = (Array.isArray(hovered) ? hovered : [hovered]) as Hovered[]
        return tooltipContent(
          points.flatMap(({ seriesIndex, dataIndex }) => {
            const line = lines[seriesIndex]
            const point = line?.points[dataIndex]
            if (line === undefined || point === undefined) return []
            return `${line.name} · ${across.toLowerCase()} ${formatNumber(point[0])}: ${valueText(point[1])}`
          }),
        )
      },
    },
    xAxis: {
      ...axisOption(colours, across),
      nameGap: 26,
      min: 0,
      max: Math.max(1, size - 1),
      minInterval: 1,
      splitLine: { show: false },
    },
    yAxis: { ...valueAxisOption(colours, lines.length === 1 ? values : '', scale), nameGap: 46 },
    dataZoom: [
      {
        id: 'x',
        type: 'inside',
        xAxisIndex: 0,
        filterMode: 'none',
        zoomOnMouseWheel: true,
        moveOnMouseMove: true,
        minValueSpan: 4,
      },
    ],
    series: lines.map(({ name, points }, i) => {
      const isMarked = points.length <= MARKED_POINTS
      const lone = points.map((_, at) => isLone(points, at))
      return {
        type: 'line',
        id: name,
        name,
        data: points.map(([at, value], place) => {
          const position = [at, scale.positionOf(value)]
          return isMarked || lone[place] ? position : { value: position, symbol: 'none' }
        }),
        showSymbol: isMarked || lone.includes(true),
        // Otherwise the library leaves out marks where labels would overlap.
        showAllSymbol: true,
        symbolSize: isMarked ? 5 : 4,
        // As many colours again, dashed.
        lineStyle: { width: 1.25, type: i < colours.lines.length ? 'solid' : 'dashed' },
        emphasis: { disabled: true },
      }
    }),
  }
}
