// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test } from 'vitest'
import type { TaskRequest } from '../../core/explorer/contract/types.ts'
import { createApp } from './app.ts'
import { AppContext } from './hooks.ts'
import { FakeHost } from './test-support/fake-host.ts'
import { FakeTasks } from './test-support/fake-tasks.ts'
import { useTask } from './use-task.ts'

afterEach(cleanup)

const requestOf = (array: string): TaskRequest => ({
  kind: 'columnStatistics',
  params: { store: 1, array, generation: 1, rowSet: 'active', columns: [0, 1], index: [] },
})

const bytes = Float64Array.of(1).buffer

function useTaskWith(host: FakeHost) {
  const app = createApp(host)
  const wrapper = ({ children }: { children: ReactNode }) => <AppContext value={app}>{children}</AppContext>
  return renderHook(({ request }: { request: TaskRequest | null }) => useTask(request), {
    wrapper,
    initialProps: { request: requestOf('scores') as TaskRequest | null },
  })
}

test('cancel ends the task and keeps what was found; restart starts another one', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  const { result } = useTaskWith(host)
  await act(async () => tasks.advance(50, { bytes }))
  await act(async () => result.current.cancel())
  expect(result.current.task).toMatchObject({ state: 'cancelled', progress: { bytesDone: 500 }, result: { bytes } })
  expect(tasks.list).toMatchObject([{ state: 'cancelled' }])
  await act(async () => result.current.restart())
  expect(result.current.task).toMatchObject({ state: 'running', result: null })
  expect(tasks.list).toMatchObject([{ state: 'cancelled' }, { state: 'running' }])
})

test('another request ends the task before it and shows nothing of it', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  const { result, rerender } = useTaskWith(host)
  await act(async () => tasks.advance(50, { bytes }))
  expect(result.current.task).toMatchObject({ result: { bytes } })
  rerender({ request: requestOf('labels') })
  expect(result.current.task).toMatchObject({ state: 'running', progress: { bytesDone: 0 }, result: null })
  await act(async () => {})
  expect(result.current.task).toMatchObject({ state: 'running', result: null, failure: null })
  expect(tasks.list).toMatchObject([{ state: 'cancelled' }, { state: 'running', params: { array: 'labels' } }])
  await act(async () => rerender({ request: null }))
  expect(tasks.list).toMatchObject([{ state: 'cancelled' }, { state: 'cancelled' }])
})
