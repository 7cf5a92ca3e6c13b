// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Answer } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../model/test-support/fake-host.ts'
import { figuresOf } from '../../model/test-support/figures.ts'
import { commandStub, openStore, renderPanel } from '../../model/test-support/render-panel.tsx'
import { SelectionPanel } from './selection-panel.tsx'

type Cell = Answer<'describeCell'>
type Statistics = Answer<'readStatistics'>

const ARRAY = arrayInfo({ name: 'scores', dtype: 'float64' })
const ONE_CELL = { cursor: { row: 7, column: 2 }, range: { rows: [7, 8], columns: [2, 3] } } as const

const CELL: Cell = {
  result: { dtype: 'float64', logicalRow: 7, physicalRow: 9, file: 'data_scores.npkd', offset: 232 },
  bytes: Float64Array.of(1.5).buffer,
}

const DONE: Statistics = { result: figuresOf({ finite: 300, counts: [100, 200] }) }

interface Answers {
  describeCell?: () => Cell | Promise<Cell>
  readStatistics?: () => Statistics | Promise<Statistics>
}

function showDetails({ describeCell = () => CELL, readStatistics = () => DONE }: Answers = {}, array = ARRAY) {
  const copyCells = vi.fn<() => void>()
  const commands = [commandStub('copyValue'), commandStub('copyCells', copyCells), commandStub('switchStatistics')]
  const host = new FakeHost({
    describeCell,
    readStatistics,
    cancelStatistics: () => ({ result: {} }),
    setPreference: () => ({ result: {} }),
  })
  const store = openStore(storeInfo(1, '/data/study.npk', [array]))
  return { ...renderPanel(<SelectionPanel />, host, { commands, store }), copyCells, host }
}

const statistics = (): HTMLElement => screen.getByRole('region', { name: 'Statistics' })

test('the selected cell is described when the host has answered', async () => {
  const answer = Promise.withResolvers<Cell>()
  const { app } = showDetails({ describeCell: () => answer.promise })
  act(() => app.live.setState({ selection: ONE_CELL }))
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
  act(() => app.live.setState({ selection: ONE_CELL }))
  expect(await screen.findByText('The disk does not answer.')).toBeDefined()
  expect(screen.queryByRole('status', { name: 'Value' })).toBeNull()
})

test('several selected cells can be copied', async () => {
  const { app, user, copyCells } = showDetails()
  act(() => app.live.setState({ selection: { ...ONE_CELL, range: { rows: [7, 9], columns: [0, 3] } } }))
  await user.click(screen.getByRole('button', { name: /^Copy cells/ }))
  expect(copyCells).toHaveBeenCalledOnce()
})

test('a damaged array without a selection has neither statistics nor a selection', () => {
  showDetails({}, { ...ARRAY, damaged: 'its data file is missing' })
  expect(screen.getByText('What you select is explained here.')).toBeDefined()
  expect(screen.queryByRole('region', { name: 'Statistics' })).toBeNull()
})

test('statistics show a histogram, the extremes and the median when they are complete', async () => {
  showDetails()
  expect(await screen.findByRole('img', { name: 'Histogram of 2 bins from 0 to 2' })).toBeDefined()
  expect(within(statistics()).getByText('Median').nextSibling!.textContent).toBe('1.25')
  expect(within(statistics()).getByTitle('Go to row 1, column 2').textContent).toContain('2')
  expect(within(statistics()).getByText('100 rows')).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
})

test('statistics that fail say why', async () => {
  showDetails({
    readStatistics: () => {
      throw new BridgeError('IO', 'The disk does not answer.')
    },
  })
  expect(await within(statistics()).findByText('The disk does not answer.')).toBeDefined()
  expect(screen.queryByRole('img', { name: /Histogram/ })).toBeNull()
})

test('more bins are asked for by their number', async () => {
  const { user, host } = showDetails()
  await user.click(await screen.findByRole('radio', { name: '128' }))
  await vi.waitFor(() => expect(host.paramsOf('readStatistics').at(-1)).toMatchObject({ bins: 128 }))
  expect(screen.getByRole('radio', { name: '128', checked: true })).toBeDefined()
})
