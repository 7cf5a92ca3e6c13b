import { expect, test } from 'vitest'
import type { Colours } from '../../../components/colours.ts'
import { init } from './chart-library.ts'
import type { LinePoint } from './line-data.ts'
import { lineOption } from './line-option.ts'
import { MOST_LINES } from './parse-lines.ts'

const LINES = ['#000001', '#000002', '#000003', '#000004', '#000005', '#000006', '#000007', '#000008']
const REST = '#777777'
const COLOURS: Colours = {
  ink: REST,
  'ink-2': REST,
  'ink-3': REST,
  line: REST,
  'line-soft': REST,
  bg: REST,
  raise: REST,
  accent: REST,
  deleted: REST,
  lines: LINES,
}

/** Draws so many lines and returns how the library strokes the paths of each colour of a line. */
function strokesOf(count: number): string[] {
  const lines = Array.from({ length: count }, (_, i) => ({
    name: `column ${i}`,
    points: [0, 1, 2, 3].map((row): LinePoint => [row, row + i]),
  }))
  const plot = { lines, size: 4, across: 'Row', values: 'Value', valueText: String }
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 4000, height: 400 })
  chart.setOption({ ...lineOption(plot, COLOURS), animation: false })
  const paths = chart.renderToSVGString().match(/<path [^>]*fill="none"[^>]*>/g) ?? []
  chart.dispose()
  const strokes = paths.map(path => {
    const colour = /stroke="(#00000\d)"/.exec(path)?.[1]
    return colour === undefined ? null : `${colour} ${/stroke-dasharray="[^"]*"/.exec(path)?.[0] ?? 'solid'}`
  })
  return strokes.filter(stroke => stroke !== null)
}

test.each([2, 8, 9, 12, MOST_LINES])('%i lines of one plot all look different', count => {
  const strokes = strokesOf(count)
  expect(strokes.length).toBeGreaterThanOrEqual(count)
  expect(new Set(strokes).size).toBe(count)
})
