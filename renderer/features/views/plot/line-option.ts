import type { EChartsOption } from 'echarts'
import { axisOption, baseOption, legendOption } from './base-option.ts'
import { formatNumber } from '../../../ui/number-text.ts'
import type { Colours } from '../../../components/colours.ts'
import type { LinePoint } from './line-data.ts'

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
}

interface Hovered {
  seriesName?: string
  marker?: unknown
  value: LinePoint
}

export function lineOption({ lines, size, across, values }: LinePlot, colours: Colours): EChartsOption {
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
        const points = (Array.isArray(hovered) ? hovered : [hovered]) as unknown as Hovered[]
        return points
          .map(
            ({ seriesName = '', value }) =>
              `${seriesName} · ${across.toLowerCase()} ${formatNumber(value[0])}: ${formatNumber(value[1])}`,
          )
          .join('\n')
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
    yAxis: { ...axisOption(colours, lines.length === 1 ? values : ''), nameGap: 46, scale: true },
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
    series: lines.map(({ name, points }) => ({
      type: 'line',
      id: name,
      name,
      data: points as LinePoint[],
      showSymbol: points.length <= MARKED_POINTS,
      symbolSize: 5,
      lineStyle: { width: 1.25 },
      emphasis: { disabled: true },
    })),
  }
}
