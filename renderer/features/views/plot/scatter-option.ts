import type { EChartsOption } from 'echarts'
import { axisOption, baseOption } from './base-option.ts'
import { formatNumber } from '../../../ui/number-text.ts'
import type { Colours } from '../../../components/colours.ts'

export type ScatterPoint = [x: number, y: number, row: number]

interface ScatterPlot {
  points: readonly ScatterPoint[]
  x: string
  y: string
}

export function scatterOption({ points, x, y }: ScatterPlot, colours: Colours): EChartsOption {
  const base = baseOption(colours)
  return {
    ...base,
    grid: { ...base.grid, left: 30 },
    legend: { show: false },
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: hovered => {
        const [valueX, valueY, row] = (hovered as unknown as { value: ScatterPoint }).value
        return `row ${formatNumber(row)}\n${x}: ${formatNumber(valueX)}\n${y}: ${formatNumber(valueY)}`
      },
    },
    xAxis: { ...axisOption(colours, x), nameGap: 26, scale: true },
    yAxis: { ...axisOption(colours, y), nameGap: 46, scale: true },
    dataZoom: [
      { id: 'x', type: 'inside', xAxisIndex: 0, filterMode: 'none' },
      { id: 'y', type: 'inside', yAxisIndex: 0, filterMode: 'none' },
    ],
    series: [
      {
        type: 'scatter',
        id: 'rows',
        data: points as ScatterPoint[],
        symbolSize: points.length > 5000 ? 3 : 5,
        large: points.length > 5000,
        itemStyle: { color: colours.accent, opacity: points.length > 1000 ? 0.45 : 0.75 },
      },
    ],
  }
}
