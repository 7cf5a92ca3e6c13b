// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import type { Answer } from '../../core/explorer/contract/types.ts'
import { BridgeError } from '../bridge/bridge.ts'
import { arrayInfo, FakeHost, storeInfo } from '../model/test-support/fake-host.ts'
import { openStore, renderPanel } from '../model/test-support/render-panel.tsx'
import { COMMANDS } from './commands.ts'
import { Header } from './header.tsx'

type Suggested = Answer<'suggestTarget'>

const STORE = storeInfo(1, '/data/study.npk', [arrayInfo({ name: 'scores' })])

function showHeader(suggestTarget: () => Suggested | Promise<Suggested>, store: typeof STORE | null = STORE) {
  const host = new FakeHost({
    suggestTarget,
    setPreference: () => ({ result: {} }),
    closeStore: () => ({ result: {} }),
    listRecents: () => ({ result: { recents: [] } }),
    rememberPlace: () => ({ result: {} }),
  })
  const options = { commands: COMMANDS, ...(store && { store: openStore(store) }) }
  return { ...renderPanel(<Header />, host, options), host }
}

const free: Suggested = { result: { target: '/data/study.npkg', taken: false, free: '/data/study.npkg' } }

test('without a store, the header offers to open one and has no backup button', () => {
  showHeader(() => free, null)
  expect(screen.getByRole('button', { name: 'Recent stores', pressed: true })).toBeDefined()
  expect(screen.getByRole('button', { name: 'Open…' })).toBeDefined()
  expect(screen.queryByRole('button', { name: 'Back up' })).toBeNull()
  expect(screen.queryByRole('tab')).toBeNull()
})

test('the backup button asks for another name where the usual one is taken, once the host has said so', async () => {
  const answer = Promise.withResolvers<Suggested>()
  const { user, app } = showHeader(() => answer.promise)
  await user.click(screen.getByRole('button', { name: 'Back up' }))
  expect(app.dialogs.getState().open).toBeNull()
  answer.resolve({ result: { target: '/data/study.npkg', taken: true, free: '/data/study (2).npkg' } })
  await vi.waitFor(() =>
    expect(app.dialogs.getState().open).toMatchObject({ kind: 'target', target: '/data/study (2).npkg' }),
  )
})

test('a backup that can’t start is announced', async () => {
  const { user, app } = showHeader(() => {
    throw new BridgeError('IO', 'The disk does not answer.')
  })
  await user.click(screen.getByRole('button', { name: 'Back up' }))
  await vi.waitFor(() =>
    expect(app.notices.getState().list).toMatchObject([{ kind: 'error', message: 'The disk does not answer.' }]),
  )
})

test('arrow keys move between the tabs of the open stores, and Delete closes one', async () => {
  const { user, app } = showHeader(() => free)
  act(() => app.session.setState(({ stores }) => ({ stores: [...stores, openStore(storeInfo(2, '/data/other.npk'))] })))
  await user.click(screen.getByRole('tab', { name: 'study.npk' }))
  await user.keyboard('{ArrowRight}')
  const other = screen.getByRole('tab', { name: 'other.npk', selected: true })
  expect(document.activeElement).toBe(other)
  await user.keyboard('{Delete}')
  expect(screen.getAllByRole('tab').map(tab => tab.textContent)).toEqual(['study.npk'])
})

test('the header’s buttons for the panels are pressed while the panels are shown', async () => {
  const { user } = showHeader(() => free)
  await user.click(screen.getByRole('button', { name: 'Arrays panel', pressed: true }))
  expect(screen.getByRole('button', { name: 'Arrays panel', pressed: false })).toBeDefined()
})
