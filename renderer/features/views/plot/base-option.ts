import type { EChartsOption } from 'echarts'
import { formatNumber } from '../../../ui/number-text.ts'
import type { Colours } from '../../../components/colours.ts'

// Single quotes: the library writes the name into SVG attributes unescaped.
const FONT = "'Inter Variable', 'Segoe UI', system-ui, sans-serif"

/** Returns the options that all charts share. No animation: data that streams in would never rest. */
export function baseOption(colours: Colours) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: 11, color: colours['ink-2'] },
    color: [...colours.lines],
    grid: { left: 12, right: 24, top: 36, bottom: 30, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      // The content security policy forbids style attributes in markup.
      renderMode: 'richText',
      confine: true,
      backgroundColor: colours.raise,
      borderColor: colours.line,
      textStyle: { fontFamily: FONT, fontSize: 12, color: colours.ink },
      padding: [6, 10],
    },
  } satisfies EChartsOption
}

export const axisOption = (colours: Colours, name: string) => ({
  type: 'value' as const,
  name,
  nameLocation: 'middle' as const,
  nameTextStyle: { color: colours['ink-2'], fontSize: 11 },
  axisLine: { show: true, lineStyle: { color: colours.line } },
  axisTick: { show: false },
  axisLabel: { color: colours['ink-2'], hideOverlap: true, formatter: formatNumber },
  splitLine: { lineStyle: { color: colours['line-soft'] } },
})

export const legendOption = (colours: Colours, names: readonly string[]) => ({
  show: names.length > 1,
  type: 'scroll' as const,
  top: 6,
  left: 12,
  right: 12,
  itemWidth: 14,
  itemHeight: 8,
  icon: 'roundRect',
  textStyle: { color: colours['ink-2'], fontSize: 11 },
  pageIconColor: colours['ink-2'],
  pageIconInactiveColor: colours.line,
  pageTextStyle: { color: colours['ink-2'] },
  data: [...names],
})
