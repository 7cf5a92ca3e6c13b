import type { EChartsOption } from 'echarts'
import type { Histogram } from '../stats/use-statistics.ts'
import { count } from '../ui/format.ts'
import { numberText } from '../ui/number-text.ts'
import { axisOption, baseOption } from './base-option.ts'
import type { Colours } from './colours.ts'

/** Significant digits of an edge below the axis. */
const AXIS_DIGITS = 4
/** A share of a bin's width that nobody sees: an edge so close to 0 is written as 0. */
const UNSEEN = 1e-3

/** What stands below the axis at the lower edge of each bin. */
export const edgeTexts = (edges: readonly number[]): string[] =>
  edges.slice(0, -1).map((edge, i) => {
    const isZero = Math.abs(edge) < UNSEEN * (edges[i + 1]! - edge)
    return numberText(isZero ? 0 : Number(edge.toPrecision(AXIS_DIGITS)))
  })

/** How many values lie in each bin, as bars from the bin's lower to its upper edge. */
export function histogramOption(histogram: Histogram | null, colours: Colours): EChartsOption {
  const { edges, counts } = histogram ?? { edges: [], counts: [] }
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
        return `${numberText(edges[bin] ?? 0)} to ${numberText(edges[bin + 1] ?? 0)}\n${count(counts[bin] ?? 0)}`
      },
    },
    xAxis: {
      ...axisOption(colours, ''),
      type: 'category',
      data: edgeTexts(edges),
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
