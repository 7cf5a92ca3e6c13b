import { expect, test, vi } from 'vitest'
import { BridgeError } from '../../../bridge/bridge.ts'
import { arrayInfo, FakeHost } from '../../../model/test-support/fake-host.ts'
import { FakeTasks } from '../../../model/test-support/fake-tasks.ts'
import { sampleColumns } from './sample-columns.ts'

const ARRAY = arrayInfo({
  name: 'a',
  dtype: 'int32',
  shape: [1000, 2, 9],
  physicalShape: [1500, 2, 9],
  deletedRows: 500,
})
const WHERE = { store: 1, array: ARRAY, rowSet: 'all', index: [1] } as const

test('column samples come from rows all over the array', async () => {
  const host = new FakeHost()
  const elements = Int32Array.from({ length: 256 * 3 }, (_, i) => 10 * 3 * Math.floor(i / 3) + 4 + (i % 3))
  const tasks = new FakeTasks(host, tasks =>
    tasks.finish({ reading: { dtype: 'int32', done: elements.length }, bytes: elements.buffer }),
  )
  const sampled = await sampleColumns(host, WHERE, [4, 7], new AbortController().signal)
  expect(sampled.map(values => [values.length, values[0], values[1], values[255]])).toEqual([
    [256, 4, 34, 10 * 3 * 255 + 4],
    [256, 5, 35, 10 * 3 * 255 + 5],
    [256, 6, 36, 10 * 3 * 255 + 6],
  ])
  expect(tasks.list).toMatchObject([
    {
      kind: 'sample',
      params: {
        rowSet: 'active',
        axes: [
          { start: 0, count: 256, step: 3 },
          { start: 1, count: 1, step: 1 },
          { start: 4, count: 3, step: 1 },
        ],
      },
    },
  ])
})

test('column samples of 64-bit integers are exact', async () => {
  const host = new FakeHost()
  const elements = BigInt64Array.from({ length: 256 }, (_, i) => 2n ** 60n + BigInt(i))
  const tasks = new FakeTasks(host, () =>
    tasks.finish({ reading: { dtype: 'int64', done: elements.length }, bytes: elements.buffer }),
  )
  const array = arrayInfo({ name: 'ids', dtype: 'int64', shape: [256], physicalShape: [256] })
  const where = { store: 1, array, rowSet: 'active', index: [] } as const
  expect(await sampleColumns(host, where, [0, 1], new AbortController().signal)).toEqual([elements])
})

test('column samples that are no longer wanted end their task', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host)
  const abort = new AbortController()
  const sampled = sampleColumns(host, WHERE, [4, 7], abort.signal)
  await vi.waitFor(() => expect(tasks.list).toMatchObject([{ state: 'running' }]))
  abort.abort()
  await expect(sampled).rejects.toMatchObject({ code: 'ABORTED' })
  await vi.waitFor(() => expect(tasks.list).toMatchObject([{ state: 'cancelled' }]))
})

test('column samples that can’t be read are rejected with the reason', async () => {
  const host = new FakeHost()
  const tasks = new FakeTasks(host, tasks => tasks.fail('The disk does not answer.'))
  const sampled = sampleColumns(host, WHERE, [4, 7], new AbortController().signal)
  await expect(sampled).rejects.toEqual(new BridgeError('IO', 'The disk does not answer.'))
  expect(tasks.list).toHaveLength(1)
})
