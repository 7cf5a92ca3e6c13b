import { expect, test } from 'vitest'
import type { EChartsType } from './chart-library.ts'
import { ChartView } from './chart-view.ts'

/** Shows a chart with units 'a', zooms it, and shows it with other units. Returns how the zoom is then restored. */
function restoredZoom(units: string | null): unknown[] {
  const actions: Record<string, unknown>[] = []
  const zoom = { id: 'x', start: 25, end: 50, startValue: 100, endValue: 200 }
  let dataZoom: unknown[] = []
  const chart = {
    on: () => {},
    getZr: () => ({ on: () => {} }),
    getOption: () => ({ dataZoom }),
    setOption: () => {},
    dispatchAction: (action: Record<string, unknown>) => actions.push(action),
  }
  const view = new ChartView(chart as unknown as EChartsType, { zoomed: () => {}, picked: () => {} })
  view.show({}, 'a')
  dataZoom = [zoom]
  actions.length = 0
  view.show({}, units)
  return actions
}

const byValue = { type: 'dataZoom', dataZoomId: 'x', startValue: 100, endValue: 200 }
const byShare = { type: 'dataZoom', dataZoomId: 'x', start: 25, end: 50 }

test('a zoomed chart keeps the values in view while its axes have the same units, else their share', () => {
  expect(restoredZoom('a')).toEqual([byValue])
  expect(restoredZoom('b')).toEqual([byShare])
  expect(restoredZoom(null)).toEqual([byShare])
})
