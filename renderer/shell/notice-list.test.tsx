// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { announce } from '../model/notices.ts'
import { FakeHost } from '../model/test-support/fake-host.ts'
import { renderPanel } from '../model/test-support/render-panel.tsx'
import { NoticeList } from './notice-list.tsx'
import { useCommandKeys } from './use-command-keys.ts'
import { WINDOW_COMMANDS } from './window-commands.ts'

afterEach(() => {
  vi.useRealTimers()
})

function NoticesWithKeys() {
  useCommandKeys()
  return <NoticeList />
}

const showNotices = () => renderPanel(<NoticesWithKeys />, new FakeHost(), { commands: WINDOW_COMMANDS })

test('information disappears by itself, an error stays until it is dismissed', () => {
  vi.useFakeTimers()
  const { app } = showNotices()
  act(() => {
    announce(app, 'info', 'Copied the path')
    announce(app, 'error', 'The disk does not answer.')
  })
  const log = screen.getByRole('log', { name: 'Notices' })
  act(() => void vi.advanceTimersByTime(6000))
  expect(log.textContent).toBe('The disk does not answer.')
  act(() => screen.getByRole('button', { name: 'Dismiss' }).click())
  expect(log.textContent).toBe('')
})

test('the action of a notice runs and dismisses it', async () => {
  const { app, user } = showNotices()
  const run = vi.fn<() => void>()
  act(() => void announce(app, 'info', 'a.npk was removed.', { action: { label: 'Undo', run } }))
  await user.click(screen.getByRole('button', { name: 'Undo' }))
  expect(run).toHaveBeenCalledOnce()
  expect(screen.queryByText('a.npk was removed.')).toBeNull()
})

test('three notices can be dismissed together', async () => {
  const { app, user } = showNotices()
  act(() => {
    for (const name of ['a', 'b', 'c']) announce(app, 'error', `${name}.npk is damaged.`)
  })
  await user.click(screen.getByRole('button', { name: 'Dismiss all 3' }))
  expect(screen.queryByText(/is damaged/)).toBeNull()
})

test('notices wait in a queue: the newest is on screen, and Escape dismisses one after the other', async () => {
  const { app, user } = showNotices()
  act(() => {
    for (const name of ['a', 'b']) announce(app, 'error', `${name}.npk is damaged.`)
  })
  const log = screen.getByRole('log', { name: 'Notices' })
  expect(log.textContent).toContain('b.npk is damaged.')
  expect(log.textContent).not.toContain('a.npk')
  await user.keyboard('{Escape}')
  expect(log.textContent).toBe('a.npk is damaged.')
  await user.keyboard('{Escape}')
  expect(log.textContent).toBe('')
})
