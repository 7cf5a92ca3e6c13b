// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { announce } from '../model/notices.ts'
import { FakeHost } from '../model/test-support/fake-host.ts'
import { renderPanel } from '../model/test-support/render-panel.tsx'
import { NoticeList } from './notice-list.tsx'

afterEach(() => {
  vi.useRealTimers()
})

const showNotices = () => renderPanel(<NoticeList />, new FakeHost())

test('information disappears by itself, an error stays until it is dismissed', () => {
  vi.useFakeTimers()
  const { app } = showNotices()
  act(() => {
    announce(app, 'info', 'Copied the path')
    announce(app, 'error', 'The disk does not answer.')
  })
  const log = screen.getByRole('log', { name: 'Notices' })
  expect(log.textContent).toContain('Copied the path')
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
