// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Answer } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../model/test-support/fake-tasks.ts'
import { figuresOf, figuresOfNaN } from '../../model/test-support/figures-of.ts'
import { commandStub, openStore, renderPanel } from '../../model/test-support/render-panel.tsx'
import { SelectionPanel } from './selection-panel.tsx'

type Cell = Answer<'describeCell'>

const ARRAY = arrayInfo({ name: 'scores', dtype: 'float64' })
const ONE_CELL = { cursor: { row: 7, column: 2 }, range: { rows: [7, 8], columns: [2, 3] } } as const

const CELL: Cell = {
  result: { dtype: 'float64', logicalRow: 7, physicalRow: 9, file: 'data_scores.npkd', offset: 232 },
  bytes: Float64Array.of(1.5).buffer,
}

const FIGURES = figuresOf({ finite: 300, counts: [100, 200] })

interface Answers {
  describeCell?: () => Cell | Promise<Cell>
  /** Called with every task that starts. */
  onStart?: (tasks: FakeTasks) => void
}

const finish = (tasks: FakeTasks): void => tasks.finish({ figures: FIGURES })

function showDetails({ describeCell = () => CELL, onStart = finish }: Answers = {}, array = ARRAY) {
  const copyCells = vi.fn<() => void>()
  const commands = [commandStub('copyValue'), commandStub('copyCells', copyCells), commandStub('switchStatistics')]
  const host = new FakeHost({ describeCell, setPreference: () => ({ result: {} }) })
  const tasks = new FakeTasks(host, onStart)
  const store = openStore(storeInfo(1, '/data/study.npk', [array]))
  return { ...renderPanel(<SelectionPanel />, host, { commands, store }), copyCells, host, tasks }
}

const statistics = (): HTMLElement => screen.getByRole('region', { name: 'Statistics' })
const linkToMax = () => within(statistics()).getByTitle<HTMLButtonElement>('Go to row 1, column 2')

test('the selected cell is described when the host has answered', async () => {
  const answer = Promise.withResolvers<Cell>()
  const { app } = showDetails({ describeCell: () => answer.promise })
  act(() => app.gridStatus.setState({ selection: ONE_CELL }))
  expect(screen.getByRole('heading', { name: 'Selection' })).toBeDefined()
  expect(screen.queryByRole('status', { name: 'Value' })).toBeNull()
  answer.resolve(CELL)
  expect((await screen.findByRole('status', { name: 'Value' })).textContent).toBe('1.5')
  expect(screen.getByText('Row on disk').nextSibling!.textContent).toBe('9')
  expect(screen.getByText('File offset').nextSibling!.textContent).toBe('232')
  expect(screen.getByRole('button', { name: 'Copy the value' })).toBeDefined()
})

test('a cell that can’t be read says why in the place of its value', async () => {
  const { app } = showDetails({
    describeCell: () => {
      throw new BridgeError('IO', 'The disk does not answer.')
    },
  })
  act(() => app.gridStatus.setState({ selection: ONE_CELL }))
  expect(await screen.findByText('The disk does not answer.')).toBeDefined()
  expect(screen.queryByRole('status', { name: 'Value' })).toBeNull()
})

test('several selected cells can be copied', async () => {
  const { app, user, copyCells } = showDetails()
  act(() => app.gridStatus.setState({ selection: { ...ONE_CELL, range: { rows: [7, 9], columns: [0, 3] } } }))
  await user.click(screen.getByRole('button', { name: /^Copy cells/ }))
  expect(copyCells).toHaveBeenCalledOnce()
})

test('a damaged array without a selection has neither statistics nor a selection', () => {
  showDetails({}, { ...ARRAY, damaged: 'its data file is missing' })
  expect(screen.getByText('Select cells to see their values here.')).toBeDefined()
  expect(screen.queryByRole('region', { name: 'Statistics' })).toBeNull()
})

test('statistics show a histogram, the extremes and the median when they are complete', async () => {
  showDetails()
  expect(await screen.findByRole('img', { name: 'Histogram of 2 bins from 0 to 2' })).toBeDefined()
  expect(within(statistics()).getByText('Median').nextSibling!.textContent).toBe('1.25')
  expect(within(statistics()).getByTitle('Go to row 1, column 2').parentElement?.textContent).toContain('2.0')
  expect(within(statistics()).getByText('100 rows')).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
})

test('statistics that take long show how far they are and what was found so far', async () => {
  const { tasks } = showDetails({ onStart: () => {} })
  expect(statistics().textContent).toBe('Statistics100 rows')
  await act(async () => tasks.advance(25))
  const bar = screen.getByRole('progressbar', { name: 'Statistics' })
  expect(bar.getAttribute('aria-valuenow')).toBe('25')
  expect(within(statistics()).getByText(/^250 B of 1\.00 kB/)).toBeDefined()
  expect(screen.queryByRole('img', { name: /Histogram/ })).toBeNull()
  await act(async () => tasks.advance(50, { figures: figuresOf({ finite: 150, counts: [150] }, { partial: true }) }))
  expect(screen.getByRole('img', { name: 'Histogram of 1 bin from 0 to 2' })).toBeDefined()
  expect(within(statistics()).getByText('partial · 100 rows')).toBeDefined()
  await act(async () => tasks.finish({ figures: FIGURES }))
  expect(screen.getByRole('img', { name: 'Histogram of 2 bins from 0 to 2' })).toBeDefined()
  expect(within(statistics()).getByText('100 rows')).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
})

test('statistics that are cancelled keep what was found, and can be started again', async () => {
  const { user, tasks } = showDetails({ onStart: () => {} })
  await act(async () => tasks.advance(50, { figures: FIGURES }))
  await user.click(within(statistics()).getByRole('button', { name: 'Cancel' }))
  expect(within(statistics()).getByText('500 B of 1.00 kB · cancelled')).toBeDefined()
  expect(screen.getByRole('img', { name: 'Histogram of 2 bins from 0 to 2' })).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
  expect(tasks.list).toMatchObject([{ state: 'cancelled' }])
  await user.click(within(statistics()).getByRole('button', { name: 'Start again' }))
  await act(async () => tasks.finish({ figures: FIGURES }))
  expect(within(statistics()).queryByRole('button', { name: 'Start again' })).toBeNull()
  expect(tasks.list).toMatchObject([{ state: 'cancelled' }, { state: 'done' }])
})

test('statistics that fail say why', async () => {
  showDetails({ onStart: tasks => tasks.fail('The disk does not answer.') })
  expect(await within(statistics()).findByText('The disk does not answer.')).toBeDefined()
  expect(within(statistics()).getByRole('button', { name: 'Start again' })).toBeDefined()
  expect(screen.queryByRole('img', { name: /Histogram/ })).toBeNull()
})

test('statistics that can’t be started say why', async () => {
  showDetails({
    onStart: () => {
      throw new BridgeError('ARGUMENT', 'Too many statistics wait.')
    },
  })
  expect(await within(statistics()).findByText('Too many statistics wait.')).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
})

test('statistics of nothing but NaN count them and have neither a histogram nor a median', async () => {
  showDetails({ onStart: tasks => tasks.finish({ figures: figuresOfNaN(300) }) })
  expect((await within(statistics()).findByText('NaN')).nextSibling!.textContent).toContain('300')
  expect(screen.queryByRole('img', { name: /Histogram/ })).toBeNull()
  expect(within(statistics()).queryByText('Median')).toBeNull()
})

test('the elements of dimmed statistics can’t be gone to until those of the new request are there', async () => {
  const { user, tasks } = showDetails({ onStart: tasks => tasks.list.length === 1 && finish(tasks) })
  await user.click(await screen.findByRole('radio', { name: '128' }))
  await vi.waitFor(() => expect(tasks.list).toHaveLength(2))
  expect(linkToMax().disabled).toBe(true)
  await act(async () => finish(tasks))
  expect(linkToMax().disabled).toBe(false)
})

test('more bins are asked for by their number', async () => {
  const { user, host } = showDetails()
  await user.click(await screen.findByRole('radio', { name: '128' }))
  await vi.waitFor(() => expect(host.paramsOf('startTask').at(-1)).toMatchObject({ params: { bins: 128 } }))
  expect(screen.getByRole('radio', { name: '128', checked: true })).toBeDefined()
})
