import type { EChartsOption } from 'echarts'
import type { Bars } from '../../../model/statistics/histogram-bars.ts'
import { formatInteger } from '../../../ui/format.ts'
import { axisOption, baseOption, tooltipContent } from './base-option.ts'
import type { Colours } from '../../../components/colours.ts'

export function histogramOption(bars: Bars, colours: Colours): EChartsOption {
  const { counts, labels, contents } = bars
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
        return tooltipContent([contents[bin] ?? '', formatInteger(counts[bin] ?? 0)])
      },
    },
    xAxis: {
      ...axisOption(colours, ''),
      type: 'category',
      data: [...labels],
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
