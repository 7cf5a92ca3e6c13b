import type { EChartsOption } from 'echarts'
import { formatNumber } from '../../../ui/number-text.ts'
import type { Colours } from '../../../components/colours.ts'
import type { AxisScale } from './axis-scale.ts'

// Single quotes: the library writes the name into SVG attributes unescaped.
const FONT = "'Inter Variable', 'Segoe UI', system-ui, sans-serif"

/** Returns the options that all charts share. Without animation: a chart whose data streams in would never rest. */
export function baseOption(colours: Colours) {
  return {
    animation: false,
    textStyle: { fontFamily: FONT, fontSize: 11, color: colours['ink-2'] },
    color: [...colours.lines],
    grid: { left: 12, right: 24, top: 36, bottom: 30, outerBoundsMode: 'same', outerBoundsContain: 'all' },
    tooltip: {
      // An element above the chart: nothing is drawn over it, and it is no part of a saved picture.
      renderMode: 'html',
      confine: true,
      backgroundColor: colours.raise,
      borderColor: colours.line,
      textStyle: { fontFamily: FONT, fontSize: 12, color: colours.ink },
      padding: [6, 10],
    },
  } satisfies EChartsOption
}

/** Returns the content of a tooltip, as text nodes: the name of an array must not become markup. */
export function tooltipContent(lines: readonly string[]): HTMLElement {
  const content = document.createElement('div')
  content.append(
    ...lines.map(line => {
      const row = document.createElement('div')
      row.textContent = line
      return row
    }),
  )
  return content
}

export const axisOption = (colours: Colours, name: string, labelOf: (value: number) => string = formatNumber) => ({
  type: 'value' as const,
  name,
  nameLocation: 'middle' as const,
  nameTextStyle: { color: colours['ink-2'], fontSize: 11 },
  axisLine: { show: true, lineStyle: { color: colours.line } },
  axisTick: { show: false },
  axisLabel: { color: colours['ink-2'], hideOverlap: true, formatter: labelOf },
  splitLine: { lineStyle: { color: colours['line-soft'] } },
})

/** Returns an axis of values, whose title has what its labels leave out. */
export const valueAxisOption = (colours: Colours, name: string, axis: AxisScale) => ({
  ...axisOption(colours, [name, axis.note].filter(Boolean).join(' \u00b7 '), at => axis.labelOf(at)),
  scale: true,
})

export const legendOption = (colours: Colours, names: readonly string[]) => ({
  ...(names.length > colours.lines.length ? LINE_KEYS : { icon: 'roundRect', itemWidth: 14 }),
  show: names.length > 1,
  type: 'scroll' as const,
  top: 6,
  left: 12,
  right: 12,
  itemHeight: 8,
  textStyle: { color: colours['ink-2'], fontSize: 11 },
  pageIconColor: colours['ink-2'],
  pageIconInactiveColor: colours.line,
  pageTextStyle: { color: colours['ink-2'] },
  data: [...names],
})

/** Legend keys wide enough to show how a line is dashed, without its marks. */
const LINE_KEYS = { itemWidth: 26, itemStyle: { opacity: 0 } }
