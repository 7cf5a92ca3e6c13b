// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Recent } from '../../../core/explorer/contract/types.ts'
import { BridgeError } from '../../bridge/bridge.ts'
import { loadRecents } from '../../model/recents.ts'
import { FakeHost } from '../../model/test-support/fake-host.ts'
import { renderPanel } from '../../model/test-support/render-panel.tsx'
import { OPEN_COMMANDS } from './commands.ts'
import { Welcome } from './welcome.tsx'

const recent = (name: string, change: Partial<Recent> = {}): Recent => ({
  path: `/data/${name}`,
  name,
  lastOpened: 1_700_000_000_000,
  sizeBytes: 2048,
  arrayCount: 2,
  place: null,
  pinned: false,
  kind: 'store',
  missing: false,
  ...change,
})

const showWelcome = (host: FakeHost) => renderPanel(<Welcome />, host, { commands: OPEN_COMMANDS })

const items = (): HTMLElement[] => screen.queryAllByRole('listitem')

test('the welcome page lists recent stores once the host answers, pinned ones first', async () => {
  const answer = Promise.withResolvers<{ result: { recents: Recent[] } }>()
  const { app } = showWelcome(new FakeHost({ listRecents: () => answer.promise }))
  const loaded = loadRecents(app)
  expect(items()).toEqual([])
  expect(screen.queryByText(/Stores that you open are listed here/)).toBeNull()
  answer.resolve({ result: { recents: [recent('a.npk'), recent('b.npk', { pinned: true })] } })
  await act(() => loaded)
  expect(items().map(item => within(item).getAllByRole('button')[0]!.textContent.slice(0, 5))).toEqual([
    'b.npk',
    'a.npk',
  ])
  expect(screen.getByRole('button', { name: 'Unpin b.npk', pressed: true })).toBeDefined()
})

test('the first recent store has the focus, and arrow keys move it', async () => {
  const host = new FakeHost({ listRecents: () => ({ result: { recents: [recent('a.npk'), recent('b.npk')] } }) })
  const { app, user } = showWelcome(host)
  await act(() => loadRecents(app))
  expect(document.activeElement!.textContent).toContain('a.npk')
  await user.keyboard('{ArrowDown}')
  expect(document.activeElement!.textContent).toContain('b.npk')
})

test('a recent store that is gone says so, and Remove takes it from the list', async () => {
  const host = new FakeHost({ listRecents: () => ({ result: { recents: [recent('a.npk', { missing: true })] } }) })
  const { app, user } = showWelcome(host)
  await act(() => loadRecents(app))
  expect(screen.getByText('Missing: the store is gone')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Remove a.npk from this list' }))
  expect(items()).toEqual([])
  expect(screen.getByText(/Stores that you open are listed here/)).toBeDefined()
  expect(app.notices.getState().list.map(({ message }) => message)).toEqual([
    'a.npk was removed from the recent stores.',
  ])
})

test('recent stores that can’t be listed leave the ways to open a store, and the reason is announced', async () => {
  const host = new FakeHost({
    listRecents: () => {
      throw new BridgeError('IO', 'The list of recent stores is damaged.')
    },
  })
  const { app, user } = showWelcome(host)
  await act(() => loadRecents(app))
  expect(app.notices.getState().list).toMatchObject([
    { kind: 'error', message: 'The list of recent stores is damaged.' },
  ])
  await user.click(screen.getByRole('button', { name: 'Open folder…' }))
  await vi.waitFor(() => expect(app.dialogs.getState().open).toMatchObject({ kind: 'folders' }))
})
