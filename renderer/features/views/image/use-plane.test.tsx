// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import type { ArrayTask } from '../../../../core/explorer/contract/types.ts'
import { createApp } from '../../../model/app.ts'
import { AppContext } from '../../../model/hooks.ts'
import { FakeHost } from '../../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../../model/test-support/fake-tasks.ts'
import type { PlaneRequest } from './plane.ts'
import { usePlane } from './use-plane.ts'

afterEach(cleanup)

/** The overview of a slice of four rows and one column: every second row is sampled. */
const overviewOf = ({ array = 'sky', generation = 1, slice = 0 } = {}): PlaneRequest => ({
  where: { store: 1, array, generation, rowSet: 'active' },
  axes: { vertical: 1, horizontal: 2, channels: null },
  index: [slice, 0, 0],
  vertical: { start: 0, count: 2, step: 2 },
  horizontal: { start: 0, count: 1, step: 1 },
  picture: { width: 1, height: 4 },
  channels: 1,
  part: 'real',
})

const finish = (tasks: FakeTasks, elements: number[]): void =>
  tasks.finish({ reading: { dtype: 'int32', done: elements.length }, bytes: Int32Array.from(elements).buffer })

/** Shows an overview with its extremes. Of later ones, only the samples are read. */
async function showOverview() {
  const host = new FakeHost()
  const tasks = new FakeTasks(host, tasks => {
    const { axes } = (tasks.list.at(-1) as Extract<ArrayTask, { kind: 'sample' }>).params
    if (axes[1]!.step === 2) finish(tasks, [7, 7])
    else if (tasks.list.length === 2) finish(tasks, [7, 99, 7, 7])
  })
  const app = createApp(host)
  const { result, rerender } = renderHook(({ request }) => usePlane(request, 0), {
    initialProps: { request: overviewOf() },
    wrapper: ({ children }) => <AppContext value={app}>{children}</AppContext>,
  })
  const extent = () => result.current.plane.result?.extent
  await vi.waitFor(() => expect(extent()).toEqual([7, 99]))
  const show = async (request: PlaneRequest): Promise<void> => {
    rerender({ request })
    await vi.waitFor(() => expect(tasks.list).toHaveLength(4))
    await act(async () => {})
  }
  return { tasks, extent, show }
}

test('the extremes of an array that has changed stay until its new ones are read', async () => {
  const { tasks, extent, show } = await showOverview()
  await show(overviewOf({ generation: 2 }))
  expect(extent()).toEqual([7, 99])
  await act(async () => finish(tasks, [7, 50, 7, 7]))
  await vi.waitFor(() => expect(extent()).toEqual([7, 50]))
})

test.each([
  ['slice', { slice: 1 }],
  ['array', { array: 'sea' }],
])('the sample of another %s is shown until its extremes are read', async (_, change) => {
  const { tasks, extent, show } = await showOverview()
  await show(overviewOf(change))
  expect(extent()).toEqual([7, 7])
  await act(async () => finish(tasks, [7, 50, 7, 7]))
  await vi.waitFor(() => expect(extent()).toEqual([7, 50]))
})
