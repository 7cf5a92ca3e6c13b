// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import type { EChartsOption } from 'echarts'
import { beforeEach, expect, test, vi } from 'vitest'
import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../../model/test-support/fake-tasks.ts'
import { figuresOf } from '../../../model/test-support/figures-of.ts'
import { commandStub, openStore, renderPanel } from '../../../model/test-support/render-panel.tsx'
import { PlotPane } from './plot-pane.tsx'

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

/** The labels that the axes have at the points. */
const points = (): string[][] => {
  const { xAxis, yAxis } = drawn as Record<'xAxis' | 'yAxis', { axisLabel: { formatter: (at: number) => string } }>
  const { data } = series()[0] as { data: [number, number][] }
  return data.map(([x, y]) => [xAxis.axisLabel.formatter(x), yAxis.axisLabel.formatter(y)])
}

/** Three columns of four rows, whose values are the row numbers. */
const LINES = {
  reading: { dtype: 'float32', done: 4 },
  bytes: Float64Array.from([0, 1, 2].flatMap(() => [0, 1, 2, 3].flatMap(row => [row, row, row, row]))).buffer,
} as const

/** Ends the lines that a plot starts with. */
const readLines = (tasks: FakeTasks): void => {
  if (tasks.list.at(-1)?.kind === 'lines') tasks.finish(LINES)
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
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  showPlot(host)
  expect(screen.getByRole('img', { name: '3 columns of scores as lines over 4 rows' })).toBeDefined()
  expect(screen.queryByRole('status')).toBeNull()
  expect(series()).toEqual([])
  await act(async () => tasks.finish(LINES))
  expect(screen.getByRole('status').textContent).toBe('4 rows · every value drawn')
  await vi.waitFor(() => expect(series()).toHaveLength(3))
})

test('a plot that takes long shows how far it is, and Cancel keeps the part that was read', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  const { user } = showPlot(host)
  await act(async () => tasks.advance(25, { ...LINES, reading: { dtype: 'float32', done: 1 } }))
  expect(screen.getByRole('progressbar', { name: 'Reading' }).getAttribute('aria-valuenow')).toBe('25')
  await user.click(screen.getByRole('button', { name: 'Cancel' }))
  expect(screen.getByText('250 B of 1.00 kB · cancelled')).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
  expect(series()).toHaveLength(3)
  expect(tasks.list).toMatchObject([{ kind: 'lines', state: 'cancelled' }])
})

test('a plot that can’t be read draws nothing and says why', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  showPlot(host)
  await act(async () => tasks.fail('The disk does not answer.'))
  expect(screen.getByRole('status').textContent).toContain('The disk does not answer.')
  expect(series()).toEqual([])
})

test('points are rows of two columns, as far as they are read', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host, readLines)
  const { user } = showPlot(host)
  await user.click(screen.getByRole('radio', { name: 'Scatter' }))
  const values = Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40)
  await act(async () => tasks.advance(50, { reading: { dtype: 'float32', done: 4 }, bytes: values.buffer }))
  expect(points()).toEqual([
    ['1', '10'],
    ['2', '20'],
  ])
  await act(async () => tasks.finish({ reading: { dtype: 'float32', done: 8 }, bytes: values.buffer }))
  expect(points()).toHaveLength(4)
  expect(screen.getByText('All 4 rows')).toBeDefined()
})

test('a column that the array does not have is refused beside the field', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host, readLines)
  const { user } = showPlot(host)
  expect(tasks.list).toHaveLength(1)
  const field = screen.getByRole('textbox', { name: /^Columns, for example/ })
  await user.clear(field)
  await user.type(field, '7{Enter}')
  expect(screen.getByRole('alert').textContent).not.toBe('')
  expect(field.getAttribute('aria-invalid')).toBe('true')
  await user.keyboard('{Escape}')
  expect(screen.queryByRole('alert')).toBeNull()
})

test('the lines of a scatter plot with one column on both axes are that column once', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  const { user } = showPlot(host)
  await user.click(screen.getByRole('radio', { name: 'Scatter' }))
  const field = screen.getByRole('spinbutton', { name: 'Column of the y axis' })
  await user.type(field, '0', { initialSelectionStart: 0, initialSelectionEnd: 1 })
  await user.click(screen.getByRole('radio', { name: 'Lines' }))
  expect(screen.getByRole('img', { name: '1 column of scores as lines over 4 rows' })).toBeDefined()
  expect(tasks.list.at(-1)).toMatchObject({ kind: 'lines', params: { lines: [0] } })
})

test('the histogram draws the bars of the statistics and counts the finite values', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host, tasks => {
    readLines(tasks)
    if (tasks.list.at(-1)?.kind === 'statistics') tasks.finish({ figures: figuresOf({ finite: 10, counts: [4, 6] }) })
  })
  const { user } = showPlot(host)
  await user.click(screen.getByRole('radio', { name: 'Histogram' }))
  expect(screen.getByRole('img', { name: 'Histogram of scores' })).toBeDefined()
  expect(await screen.findByText('10 finite values')).toBeDefined()
  await vi.waitFor(() => expect(series()).toHaveLength(1))
  await user.selectOptions(screen.getByRole('combobox', { name: 'Bins' }), '50')
  expect(tasks.list.at(-1)).toMatchObject({ kind: 'statistics', params: { bins: 50 } })
})

test('a histogram that takes long shows how far it is and counts what was found so far; one that fails says why', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host, readLines)
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
