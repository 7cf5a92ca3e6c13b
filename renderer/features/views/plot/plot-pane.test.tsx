// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import type { EChartsOption } from 'echarts'
import { beforeEach, expect, test, vi } from 'vitest'
import type { Answer, ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../../bridge/bridge.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../../model/test-support/fake-tasks.ts'
import { figuresOf } from '../../../model/test-support/figures-of.ts'
import { commandStub, openStore, renderPanel } from '../../../model/test-support/render-panel.tsx'
import { PlotPane } from './plot-pane.tsx'

type Series = Answer<'readSeries'>

/** What the chart was last given to draw: the test environment has no canvas. */
let drawn: EChartsOption = {}

vi.mock('./chart-library.ts', () => ({
  init: () => ({
    on: () => {},
    getZr: () => ({ on: () => {} }),
    getOption: () => undefined,
    setOption: (option: EChartsOption) => {
      drawn = option
    },
    dispatchAction: () => {},
    resize: () => {},
    dispose: () => {},
  }),
}))

beforeEach(() => {
  drawn = {}
})

const series = (): unknown[] => [drawn.series ?? []].flat()

/** Three columns of four rows, whose values are the row numbers. */
const LINES: Series = {
  result: { range: [0, 4], size: 4, firstBucket: 0, buckets: 4, generation: 1 },
  bytes: Float64Array.from([0, 1, 2].flatMap(() => [0, 1, 2, 3].flatMap(row => [row, row, row, row]))).buffer,
}

function showPlot(host: FakeHost, change: Partial<ArrayInfo> = {}) {
  const array = arrayInfo({ name: 'scores', shape: [4, 3], physicalShape: [4, 3], ...change })
  const store = openStore(storeInfo(1, '/data/study.npk', [array]))
  const commands = ['zoomReset', 'copyPicture', 'savePng', 'saveSvg'].map(id => commandStub(id))
  return renderPanel(<PlotPane store={store} array={array} activeArray={store.activeArray!} />, host, {
    commands,
    store,
  })
}

test('a plot says what it draws and draws every line when they are read', async () => {
  const answer = Promise.withResolvers<Series>()
  showPlot(new FakeHost({ readSeries: () => answer.promise }))
  expect(screen.getByRole('img', { name: '3 columns of scores as lines over 4 rows' })).toBeDefined()
  expect(screen.getByRole('status').textContent).toBe('')
  expect(series()).toEqual([])
  answer.resolve(LINES)
  expect(await screen.findByText(/4 rows/)).toBeDefined()
  expect(screen.getByRole('status').textContent).toBe('4 rows · every value drawn')
  await vi.waitFor(() => expect(series()).toHaveLength(3))
})

test('a plot that takes long shows how far it is, and Cancel keeps the part that was read', async () => {
  let times = 0
  const first: Series = {
    result: { range: [0, 2], size: 4, firstBucket: 0, buckets: 2, generation: 1 },
    bytes: Float64Array.from([0, 1, 2].flatMap(() => [0, 1].flatMap(row => [row, row, row, row]))).buffer,
  }
  const slow = async (): Promise<Series> => {
    times++
    if (times > 1) return new Promise(() => {})
    await new Promise(resolve => setTimeout(resolve, 420))
    return { ...first, result: { ...first.result, range: [0, times] } }
  }
  const { user } = showPlot(new FakeHost({ readSeries: slow }))
  expect(await screen.findByRole('progressbar', { name: 'Reading' }, { timeout: 3000 })).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(await screen.findByText('Partial: 25.0% was read.')).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
})

test('a plot that can’t be read draws nothing, and the reason is announced', async () => {
  const { app } = showPlot(
    new FakeHost({
      readSeries: () => {
        throw new BridgeError('IO', 'The disk does not answer.')
      },
    }),
  )
  await vi.waitFor(() =>
    expect(app.notices.getState().list).toMatchObject([{ kind: 'error', message: 'The disk does not answer.' }]),
  )
  expect(series()).toEqual([])
})

test('a column that the array does not have is refused beside the field', async () => {
  const { user } = showPlot(new FakeHost({ readSeries: () => LINES }))
  const field = screen.getByRole('textbox', { name: /^Columns, for example/ })
  await user.clear(field)
  await user.type(field, '7{Enter}')
  expect(screen.getByRole('alert').textContent).not.toBe('')
  expect(field.getAttribute('aria-invalid')).toBe('true')
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('alert')).toBeNull()
})

test('the histogram draws the bars of the statistics and counts the finite values', async () => {
  const host = new FakeHost({ readSeries: () => LINES })
  const tasks = new FakeTasks(host, tasks => tasks.finish({ figures: figuresOf({ finite: 10, counts: [4, 6] }) }))
  const { user } = showPlot(host)
  await user.click(screen.getByRole('radio', { name: 'Histogram' }))
  expect(screen.getByRole('img', { name: 'Histogram of scores' })).toBeDefined()
  expect(await screen.findByText('10 finite values')).toBeDefined()
  await vi.waitFor(() => expect(series()).toHaveLength(1))
  await user.selectOptions(screen.getByRole('combobox', { name: 'Bins' }), '50')
  expect(tasks.list.at(-1)).toMatchObject({ kind: 'statistics', params: { bins: 50 } })
})

test('a histogram that takes long shows how far it is and counts what was found so far; one that fails says why', async () => {
  const host = new FakeHost({ readSeries: () => LINES })
  const tasks = new FakeTasks(host)
  const { user } = showPlot(host)
  await user.click(screen.getByRole('radio', { name: 'Histogram' }))
  expect(screen.queryByText(/finite value/)).toBeNull()
  const figures = figuresOf({ finite: 5, counts: [2, 3] }, { partial: true })
  await act(async () => tasks.advance(50, { figures }))
  expect(screen.getByRole('progressbar', { name: 'Statistics' }).getAttribute('aria-valuenow')).toBe('50')
  expect(screen.getByText('5 finite values so far')).toBeDefined()
  await act(async () => tasks.fail('The disk does not answer.'))
  expect(screen.getByText('The disk does not answer.')).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
  expect(screen.queryByText(/finite value/)).toBeNull()
})
