// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react'
import { expect, test } from 'vitest'
import { COLUMN_FIGURES, type ColumnFigure } from '../../../../core/explorer/contract/columns.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../../model/test-support/fake-tasks.ts'
import { openStore, renderPanel } from '../../../model/test-support/render-panel.tsx'
import { ColumnsPane } from './columns-pane.tsx'

/** Three columns: values from 0 to 9, the constant 5, and nothing but NaN. */
const FIGURES: Record<ColumnFigure, [number, number, number]> = {
  finite: [100, 100, 0],
  nan: [0, 0, 100],
  infinite: [0, 0, 0],
  zeros: [10, 0, 0],
  min: [0, 5, NaN],
  max: [9, 5, NaN],
  mean: [4.5, 5, NaN],
  std: [2.25, 0, NaN],
  constant: [0, 1, 0],
  first: [0, 1, 2],
}

const COMPLETE = { bytes: Float64Array.from(COLUMN_FIGURES.flatMap(name => FIGURES[name])).buffer }

/** `onStart` is called with every task that starts. */
function showColumns(onStart?: (tasks: FakeTasks) => void) {
  const array = arrayInfo({ name: 'scores' })
  const store = openStore(storeInfo(1, '/data/study.npk', [array]))
  const host = new FakeHost()
  const tasks = new FakeTasks(host, onStart)
  const panel = <ColumnsPane store={store} array={array} activeArray={store.activeArray!} />
  return { ...renderPanel(panel, host, { store }), tasks }
}

const rows = (): string[][] =>
  within(screen.getByRole('table', { name: 'Columns of scores' }))
    .getAllByRole('row')
    .slice(1)
    .map(row => [...row.children].map(cell => cell.textContent))

test('the table of columns has its rows at once and their figures when they are known', async () => {
  const { tasks } = showColumns()
  expect(rows().map(([column, , nan]) => [column, nan])).toEqual([
    ['0', ''],
    ['1', ''],
    ['2', ''],
  ])
  expect(screen.getByText('Reading…')).toBeDefined()
  await act(async () => tasks.advance(25))
  expect(screen.queryByText('Reading…')).toBeNull()
  expect(screen.getByRole('progressbar', { name: 'Statistics' }).getAttribute('aria-valuenow')).toBe('25')
  await act(async () => tasks.advance(50, COMPLETE))
  expect(rows()[0]).toEqual(['0', '', '0', '0', '10', '0.0', '9.0', '4.5', '2.25'])
  await act(async () => tasks.finish(COMPLETE))
  expect(screen.getByText('3 columns over 100 rows · 2 constant, all NaN or the same as another')).toBeDefined()
  expect(screen.queryByRole('progressbar')).toBeNull()
  expect(rows()).toEqual([
    ['0', '', '0', '0', '10', '0.0', '9.0', '4.5', '2.25'],
    ['1', 'constant', '0', '0', '0', '5.0', '5.0', '5', '0'],
    ['2', 'all NaN', '100', '0', '0', '', '', '', ''],
  ])
})

test('a click on a heading sorts the columns by that figure, a second one turns the order', async () => {
  const { user } = showColumns(tasks => tasks.finish(COMPLETE))
  await screen.findByText(/^3 columns over/)
  await user.click(screen.getByRole('button', { name: 'Min' }))
  expect(screen.getByRole('columnheader', { name: 'Min' }).getAttribute('aria-sort')).toBe('descending')
  expect(rows().map(([column]) => column)).toEqual(['1', '0', '2'])
  await user.click(screen.getByRole('button', { name: 'Min' }))
  expect(screen.getByRole('columnheader', { name: 'Min' }).getAttribute('aria-sort')).toBe('ascending')
  expect(rows().map(([column]) => column)).toEqual(['0', '1', '2'])
})

test('the table stays sorted when another view was shown meanwhile', async () => {
  const { user, remount } = showColumns(tasks => tasks.finish(COMPLETE))
  await user.click(screen.getByRole('button', { name: 'Mean' }))
  remount()
  expect(screen.getByRole('columnheader', { name: 'Mean' }).getAttribute('aria-sort')).toBe('descending')
})

test('columns whose figures fail say why', async () => {
  showColumns(tasks => tasks.fail('The disk does not answer.'))
  expect(await screen.findByText('The disk does not answer.')).toBeDefined()
  expect(rows()).toHaveLength(3)
})
