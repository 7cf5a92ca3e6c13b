import { expect, test, vi } from 'vitest'
import type { Figures, ArrayTaskRequest, Task } from '../../core/explorer/contract/types.ts'
import { BridgeError } from '../bridge/bridge.ts'
import { FakeHost } from './test-support/fake-host.ts'
import { FakeTasks } from './test-support/fake-tasks.ts'
import { figuresOf } from './test-support/figures-of.ts'
import { followTask } from './tasks.ts'

const REQUEST: ArrayTaskRequest = {
  kind: 'statistics',
  params: {
    store: 1,
    array: 'scores',
    generation: 1,
    rowSet: 'active',
    rows: null,
    columns: null,
    index: null,
    bins: 64,
    scale: 'linear',
  },
}

const HALF = figuresOf({ finite: 5, counts: [2, 3] }, { partial: true })
const ALL = figuresOf({ finite: 10, counts: [4, 6] })

function follow(host: FakeHost) {
  const seen: { state: Task['state'] | null; figures: Figures | null; error: unknown } = {
    state: null,
    figures: null,
    error: null,
  }
  const leave = followTask(host, REQUEST, {
    onTask: ({ state }, result) => Object.assign(seen, { state, figures: result?.result.figures ?? null }),
    onError: error => Object.assign(seen, { error }),
  })
  return { seen, leave }
}

test('two followers share a task, which goes on when one leaves and ends with the last', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  const [first, second] = [follow(host), follow(host)]
  await vi.waitFor(() => expect(second.seen.state).toBe('running'))
  expect(tasks.list).toHaveLength(1)

  first.leave()
  tasks.advance(50, { figures: HALF })
  await vi.waitFor(() => expect(second.seen.figures).toBe(HALF))
  expect(first.seen.figures).toBeNull()
  expect(tasks.list).toMatchObject([{ state: 'running' }])

  second.leave()
  await vi.waitFor(() => expect(tasks.list).toMatchObject([{ state: 'cancelled' }]))
})

test('a follower that leaves before the host has answered ends its task', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  follow(host).leave()
  await vi.waitFor(() => expect(tasks.list).toMatchObject([{ state: 'cancelled' }]))
})

test('a task is shown as done only with its last result, also when that came while another was being read', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  const read = host.handlers.readTaskResult!
  const slow = Promise.withResolvers<void>()
  host.handlers.readTaskResult = async params => {
    const answer = await read(params)
    await slow.promise
    return answer
  }
  const { seen } = follow(host)
  await vi.waitFor(() => expect(seen.state).toBe('running'))
  tasks.advance(50, { figures: HALF })
  tasks.finish({ figures: ALL })
  expect(seen.state).toBe('running')
  slow.resolve()
  await vi.waitFor(() => expect(seen).toEqual({ state: 'done', figures: ALL, error: null }))
  expect(host.paramsOf('readTaskResult')).toHaveLength(2)
})

test('a follower gets the error of a task that can’t be started', async () => {
  const refusal = new BridgeError('ARGUMENT', 'Too many statistics wait.')
  const host = new FakeHost({
    startTask: () => {
      throw refusal
    },
  })
  const { seen, leave } = follow(host)
  await vi.waitFor(() => expect(seen).toEqual({ state: null, figures: null, error: refusal }))
  leave()
  expect(host.paramsOf('cancelTask')).toEqual([])
})
