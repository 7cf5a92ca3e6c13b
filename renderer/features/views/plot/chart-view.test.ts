import { expect, test, vi } from 'vitest'
import type { EChartsType } from './chart-library.ts'
import { ChartView, type ChosenZoom } from './chart-view.ts'

/** Shows a chart with units 'a', lets the user zoom it, and shows it with `units`. Returns how the zoom is restored. */
function restoredZoom(units: string | null): unknown[] {
  const actions: Record<string, unknown>[] = []
  let dataZoom = { id: 'x', start: 0, end: 100, startValue: 0, endValue: 400 }
  const listeners: (() => void)[] = []
  const onZoom = (): void => listeners.forEach(listener => listener())
  const chart = {
    on: (_: string, listener: () => void) => listeners.push(listener),
    getZr: () => ({ on: () => {} }),
    getOption: () => ({ dataZoom: [dataZoom] }),
    setOption: () => {},
    dispatchAction: (action: Record<string, unknown>) => {
      actions.push(action)
      if (action['type'] === 'dataZoom') onZoom()
    },
  }
  const chosen = vi.fn<(zoom: ChosenZoom) => void>()
  const events = { zoomed: () => {}, chosen, picked: () => {} }
  const view = new ChartView(chart as unknown as EChartsType, events, null)
  view.show({}, 'a', 'picture')
  expect(chosen).not.toHaveBeenCalled()
  dataZoom = { id: 'x', start: 25, end: 50, startValue: 100, endValue: 200 }
  onZoom()
  actions.length = 0
  view.show({}, units, 'picture')
  return actions
}

const byValue = { type: 'dataZoom', dataZoomId: 'x', startValue: 100, endValue: 200 }
const byShare = { type: 'dataZoom', dataZoomId: 'x', start: 25, end: 50 }

test('a zoomed chart keeps the values in view while its axes have the same units, else their share', () => {
  expect(restoredZoom('a')).toEqual([byValue])
  expect(restoredZoom('b')).toEqual([byShare])
  expect(restoredZoom(null)).toEqual([byShare])
})
