// @vitest-environment happy-dom
import { screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../../bridge/bridge.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../../model/test-support/fake-host.ts'
import { commandStub, openStore, renderPanel } from '../../../model/test-support/render-panel.tsx'
import { ArrayGridView } from './array-grid-view.tsx'

function showGrid(change: Partial<ArrayInfo>, host = new FakeHost()) {
  const array = arrayInfo({ name: 'scores', ...change })
  const store = openStore(storeInfo(1, '/data/study.npk', [array]))
  const showDeleted = vi.fn<() => void>()
  const followLinks = vi.fn<() => void>()
  const commands = [
    commandStub('copyStorePath'),
    commandStub('followLinks', followLinks),
    commandStub('showDeleted', showDeleted),
    commandStub('hideDeleted'),
  ]
  const panel = <ArrayGridView store={store} array={array} activeArray={store.activeArray!} />
  return { ...renderPanel(panel, host, { commands, store }), showDeleted, followLinks }
}

test('in the place of the grid, a damaged array says why it can’t be read', () => {
  showGrid({ damaged: 'its data file is cut off' })
  expect(screen.getByText('This array can’t be read')).toBeDefined()
  expect(screen.getByText('Its data file is cut off.')).toBeDefined()
  expect(screen.getByRole('button', { name: /copyStorePath/ })).toBeDefined()
})

test('in the place of the grid, an array behind a link says so and offers to follow it', async () => {
  const damaged = 'its data file may lie outside the store (data_scores.npkd is a symbolic link)'
  const { user, followLinks } = showGrid({ damaged, isBehindLink: true })
  expect(screen.getByText(/data_scores.npkd is a symbolic link/)).toBeDefined()
  await user.click(screen.getByRole('button', { name: /followLinks/ }))
  expect(followLinks).toHaveBeenCalledOnce()
})

test('in the place of the grid, an array without rows says so', () => {
  showGrid({ shape: [0, 3], physicalShape: [0, 3] })
  expect(screen.getByText('This array has no rows')).toBeDefined()
})

test('in the place of the grid, an array of deleted rows offers to show them', async () => {
  const { user, showDeleted } = showGrid({ shape: [0, 3], deletedRows: 100 })
  expect(screen.getByText(/All 100 rows are/)).toBeDefined()
  await user.click(screen.getByRole('button', { name: /showDeleted/ }))
  expect(showDeleted).toHaveBeenCalledOnce()
})

test('an array without axes shows its value when it is read, or why it can’t be', async () => {
  const scalar = { shape: [], physicalShape: [] }
  const cell = { dtype: 'float32', logicalRow: 0, physicalRow: 0, file: 'data_scores.npkd', offset: 0 } as const
  const answer = Promise.withResolvers<{ result: typeof cell; bytes: ArrayBuffer }>()
  showGrid(scalar, new FakeHost({ describeCell: () => answer.promise }))
  expect(screen.queryByRole('status', { name: 'Value' })).toBeNull()
  answer.resolve({ result: cell, bytes: Float32Array.of(2.5).buffer })
  expect((await screen.findByRole('status', { name: 'Value' })).textContent).toBe('2.5')
  showGrid(
    scalar,
    new FakeHost({
      describeCell: () => {
        throw new BridgeError('IO', 'The disk does not answer.')
      },
    }),
  )
  expect(await screen.findByText('The disk does not answer.')).toBeDefined()
})
