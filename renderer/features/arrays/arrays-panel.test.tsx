// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import { arrayInfo, FakeHost, storeInfo } from '../../model/test-support/fake-host.ts'
import { commandStub, openStore, renderPanel } from '../../model/test-support/render-panel.tsx'
import { ArraysPanel } from './arrays-panel.tsx'

const STORE = storeInfo(1, '/data/study.npk', [
  arrayInfo({ name: 'scores' }),
  arrayInfo({ name: 'labels', shape: [90, 3], deletedRows: 10 }),
  arrayInfo({ name: 'broken', dtype: null, damaged: 'its data file is missing', warnings: ['its name is odd'] }),
])

function showArrays(store = STORE) {
  const showWarnings = vi.fn<() => void>()
  const host = new FakeHost({
    locateRow: () => ({ result: { position: 0, physicalRow: 0, logicalRow: 0, deleted: false } }),
  })
  const commands = [commandStub('showPackage'), commandStub('showWarnings', showWarnings)]
  return { ...renderPanel(<ArraysPanel />, host, { commands, store: openStore(store) }), showWarnings }
}

const names = (): (string | null)[] =>
  within(screen.getByRole('listbox', { name: 'Arrays' }))
    .getAllByRole('option')
    .map(option => option.firstChild!.textContent)

test('the list of arrays marks the array on screen and says which one is damaged and why', () => {
  showArrays()
  expect(screen.getByRole('heading').textContent).toContain('3 · 1 damaged')
  expect(screen.getByRole('option', { selected: true }).textContent).toContain('scores')
  const damaged = screen.getByRole('option', { name: /broken/ })
  expect(within(damaged).getByLabelText('Damaged')).toBeDefined()
  expect(damaged.textContent).toContain('Its data file is missing.')
  expect(screen.getByRole('img', { name: '10 deleted rows, 10.0%' })).toBeDefined()
})

test('typing in the filter of the arrays leaves those that match, and Escape brings all back', async () => {
  const { user } = showArrays()
  const filter = screen.getByRole('combobox', { name: 'Filter arrays' })
  await user.type(filter, 'lab')
  expect(names()).toEqual(['labels'])
  expect(screen.getByRole('heading').textContent).toContain('1 of 3')
  await user.type(filter, 'x')
  expect(screen.getByText('No array matches “labx”.')).toBeDefined()
  await user.keyboard('{Escape}')
  expect(names()).toEqual(['scores', 'labels', 'broken'])
})

test('arrow keys in the filter move to another array, and Enter shows it', async () => {
  const { user } = showArrays()
  const filter = screen.getByRole('combobox', { name: 'Filter arrays' })
  await user.click(filter)
  await user.keyboard('{ArrowDown}')
  expect(document.activeElement).toBe(filter)
  expect(document.getElementById(filter.getAttribute('aria-activedescendant')!)!.textContent).toContain('labels')
  await user.keyboard('{Enter}')
  await vi.waitFor(() => expect(screen.getByRole('option', { selected: true }).textContent).toContain('labels'))
  // Keys are commands again.
  await vi.waitFor(() => expect(document.activeElement).not.toBe(filter))
})

test('a store without arrays says so and has no list to move through', () => {
  showArrays(storeInfo(1, '/data/empty.npk'))
  expect(screen.getByText('No arrays yet.')).toBeDefined()
  expect(screen.queryByRole('option')).toBeNull()
  expect(screen.getByRole('listbox', { name: 'Arrays' }).tabIndex).toBe(-1)
})

test('the button below the arrays counts the warnings and opens them', async () => {
  const { user, showWarnings } = showArrays()
  await user.click(screen.getByRole('button', { name: '2 warnings' }))
  expect(showWarnings).toHaveBeenCalledOnce()
})
