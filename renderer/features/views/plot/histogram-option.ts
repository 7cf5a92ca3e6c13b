import type { EChartsOption } from 'echarts'
import type { Bars } from '../../../model/statistics/histogram-bars.ts'
import { formatInteger } from '../../../ui/format.ts'
import { formatNumber } from '../../../ui/number-text.ts'
import { axisOption, baseOption } from './base-option.ts'
import type { Colours } from '../../../components/colours.ts'

const AXIS_DIGITS = 4
/** Share of a bin's width below which an edge counts as 0. */
const UNSEEN = 1e-3

/** Returns the axis labels: the number that each bar stands for, or its lower edge. */
export const axisLabels = ({ edges, values }: Bars): string[] =>
  values?.map(formatNumber) ??
  edges.slice(0, -1).map((edge, i) => {
    const isZero = Math.abs(edge) < UNSEEN * (edges[i + 1]! - edge)
    return formatNumber(isZero ? 0 : Number(edge.toPrecision(AXIS_DIGITS)))
  })

export function histogramOption(bars: Bars, colours: Colours): EChartsOption {
  const { edges, counts, values } = bars
  const base = baseOption(colours)
  return {
    ...base,
    grid: { ...base.grid, top: 16 },
    legend: { show: false },
    tooltip: {
      ...base.tooltip,
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: hovered => {
        const [first] = (Array.isArray(hovered) ? hovered : [hovered]) as { dataIndex: number }[]
        const bin = first?.dataIndex ?? 0
        const what = values === null ? [edges[bin] ?? 0, edges[bin + 1] ?? 0] : [values[bin] ?? 0]
        return `${what.map(formatNumber).join(' to ')}\n${formatInteger(counts[bin] ?? 0)}`
      },
    },
    xAxis: {
      ...axisOption(colours, ''),
      type: 'category',
      data: axisLabels(bars),
      axisLabel: { color: colours['ink-2'], hideOverlap: true },
      splitLine: { show: false },
    },
    yAxis: axisOption(colours, ''),
    dataZoom: [{ id: 'x', type: 'inside', xAxisIndex: 0, filterMode: 'none' }],
    series: [
      {
        type: 'bar',
        id: 'counts',
        data: [...counts],
        barCategoryGap: '4%',
        itemStyle: { color: colours.accent },
        emphasis: { disabled: true },
      },
    ],
  }
}
