// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { ArrayFile, ArrayInfo } from '../../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../../bridge/bridge.ts'
import { arrayInfo, FakeHost, storeInfo } from '../../../model/test-support/fake-host.ts'
import { openStore, renderPanel } from '../../../model/test-support/render-panel.tsx'
import { InfoView } from './info-pane.tsx'

type Files = { result: { files: ArrayFile[] } }

function showInfo(listArrayFiles: () => Files | Promise<Files>, change: Partial<ArrayInfo> = {}) {
  const array = arrayInfo({ name: 'scores', ...change })
  const store = openStore(storeInfo(1, '/data/study.npk', [array]))
  const host = new FakeHost({ listArrayFiles, setPreference: () => ({ result: {} }) })
  return renderPanel(<InfoView store={store} array={array} activeArray={store.activeArray!} />, host)
}

const FILES: Files = {
  result: {
    files: [
      { name: 'data_scores.npkd', sizeBytes: 1200 },
      { name: 'deleted_scores.npkb', sizeBytes: null },
    ],
  },
}

test('the info view shows what is known at once and the files when the host has listed them', async () => {
  const answer = Promise.withResolvers<Files>()
  showInfo(() => answer.promise)
  expect(screen.getByText('float32, 4 bytes an element')).toBeDefined()
  expect(screen.queryByRole('region', { name: 'Files' })).toBeNull()
  answer.resolve(FILES)
  const rows = within(await screen.findByRole('region', { name: 'Files' })).getAllByRole('row')
  expect(
    rows.slice(1).map(row =>
      within(row)
        .getAllByRole('cell')
        .map(cell => cell.textContent),
    ),
  ).toEqual([
    ['data_scores.npkd', 'Elements', '1.20 kB'],
    ['deleted_scores.npkb', 'Bitmap of deleted rows', 'missing'],
  ])
})

test('files that can’t be listed are announced, and the rest of the info view stays', async () => {
  const { app } = showInfo(() => {
    throw new BridgeError('IO', 'The disk does not answer.')
  })
  await vi.waitFor(() =>
    expect(app.notices.getState().list).toMatchObject([{ kind: 'error', message: 'The disk does not answer.' }]),
  )
  expect(screen.queryByRole('region', { name: 'Files' })).toBeNull()
  expect(screen.getByText('float32, 4 bytes an element')).toBeDefined()
})

test('the info view of a damaged array says why it can’t be read and offers no code', () => {
  showInfo(() => ({ result: { files: [] } }), { damaged: 'its data file is cut off' })
  const warnings = screen.getByRole('region', { name: 'Warnings' })
  expect(within(warnings).getByRole('heading').textContent).toBe('Why it can’t be read')
  expect(within(warnings).getByText('Its data file is cut off.')).toBeDefined()
  expect(screen.queryByRole('region', { name: 'Code' })).toBeNull()
})

test('the code of the info view changes with the language', async () => {
  const { user } = showInfo(() => FILES)
  const code = screen.getByRole('region', { name: 'Code' })
  expect(within(code).getByRole('radio', { name: 'Python', checked: true })).toBeDefined()
  expect(code.textContent).toContain('from numpack import NumPack')
  await user.click(within(code).getByRole('radio', { name: 'TypeScript' }))
  expect(code.textContent).toContain('NumPack.open(')
  expect(code.textContent).not.toContain('from numpack import NumPack')
})
