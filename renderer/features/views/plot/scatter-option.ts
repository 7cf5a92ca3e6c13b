import type { EChartsOption } from 'echarts'
import type { Value } from '../../../../core/format/values.ts'
import type { AxisScale } from './axis-scale.ts'
import { baseOption, tooltipContent, valueAxisOption } from './base-option.ts'
import { formatInteger } from '../../../ui/format.ts'
import type { Colours } from '../../../components/colours.ts'

export interface ScatterPoint {
  readonly x: Value
  readonly y: Value
  readonly row: number
}

interface ScatterPlot {
  points: readonly ScatterPoint[]
  x: string
  y: string
  scales: { x: AxisScale; y: AxisScale }
  valueText: (value: Value) => string
}

export function scatterOption({ points, x, y, scales, valueText }: ScatterPlot, colours: Colours): EChartsOption {
  const base = baseOption(colours)
  const zoom = { type: 'inside', filterMode: 'none', minSpan: 1e-4 } as const
  return {
    ...base,
    grid: { ...base.grid, left: 30 },
    legend: { show: false },
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: hovered => {
        const point = points[(hovered as { dataIndex: number }).dataIndex]
        if (point === undefined) return ''
        return tooltipContent([
          `row ${formatInteger(point.row)}`,
          `${x}: ${valueText(point.x)}`,
          `${y}: ${valueText(point.y)}`,
        ])
      },
    },
    xAxis: { ...valueAxisOption(colours, x, scales.x), nameGap: 26 },
    yAxis: { ...valueAxisOption(colours, y, scales.y), nameGap: 46 },
    dataZoom: [
      { ...zoom, id: 'x', xAxisIndex: 0 },
      { ...zoom, id: 'y', yAxisIndex: 0 },
    ],
    series: [
      {
        type: 'scatter',
        id: 'rows',
        data: points.map(point => [scales.x.positionOf(point.x), scales.y.positionOf(point.y)]),
        symbolSize: points.length > 5000 ? 3 : 5,
        large: points.length > 5000,
        itemStyle: { color: colours.accent, opacity: points.length > 1000 ? 0.45 : 0.75 },
      },
    ],
  }
}
