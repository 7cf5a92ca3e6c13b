import { afterEach, expect, test, vi } from 'vitest'
import { LIMITS } from '../../format/limits.ts'
import type { ExplorerEvent, ArrayTaskParams } from '../contract/types.ts'
import type { ArrayTaskResult } from '../engine/messages.ts'
import type { EngineTaskControl } from './engine-tasks.ts'
import { Tasks, type TaskWindow } from './tasks.ts'

const BYTES = 2 ** 20

interface HeldTask {
  array: string
  control: EngineTaskControl
  resolve: (result: ArrayTaskResult) => void
  reject: (error: Error) => void
}

class EventWindow implements TaskWindow {
  readonly events: ExplorerEvent[] = []

  send(event: ExplorerEvent): void {
    this.events.push(event)
  }
}

function makeTasks() {
  const held: HeldTask[] = []
  const tasks = new Tasks({
    sendToAll: () => {},
    runInEngine: ({ params }, control) =>
      new Promise((resolve, reject) => {
        held.push({ array: params.array, control, resolve, reject })
        control.signal.addEventListener('abort', () => reject(new Error('aborted')))
      }),
  })
  const window = new EventWindow()
  const start = (array: number | string, by: TaskWindow = window) => {
    const params: ArrayTaskParams<'columnStatistics'> = {
      store: 1,
      array: String(array),
      generation: 0,
      rowSet: 'active',
      columns: [0, 1],
      index: [],
    }
    return tasks.start(by, { kind: 'columnStatistics', params })
  }
  return { tasks, held, window, start }
}

const result = (bytes: number): ArrayTaskResult => ({ figures: null, reading: null, bytes: new ArrayBuffer(bytes) })

const PROGRESS = { bytesDone: 1, bytesTotal: 2, rate: 1, secondsLeft: 1 }

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

afterEach(() => {
  vi.useRealTimers()
})

test('statistics are computed once for all windows that start them, and cancelled when the last window leaves', async () => {
  const { tasks, held, window, start } = makeTasks()
  const other = new EventWindow()
  const stranger = new EventWindow()
  const { id } = start('a')
  expect(start('a', other).id).toBe(id)
  expect(held).toHaveLength(1)
  held[0]!.control.onProgress(PROGRESS, result(8))
  for (const { events } of [window, other])
    expect(events).toMatchObject([{ type: 'taskChanged', task: { id, results: 1, progress: PROGRESS } }])
  expect(stranger.events).toEqual([])
  expect(tasks.result(other, id).bytes?.byteLength).toBe(8)
  expect(() => tasks.result(stranger, id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error)
  expect(() => tasks.cancel(stranger, id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error)
  tasks.cancel(window, id)
  expect(held[0]!.control.signal.aborted).toBe(false)
  tasks.leaveAll(other)
  expect(held[0]!.control.signal.aborted).toBe(true)
  await turn()
  expect(start('a').id).not.toBe(id)
})

test('statistics that a window starts twice run until it has cancelled them twice', () => {
  const { tasks, held, start, window } = makeTasks()
  const { id } = start('a')
  start('a')
  tasks.cancel(window, id)
  expect(held[0]!.control.signal.aborted).toBe(false)
  tasks.cancel(window, id)
  expect(held[0]!.control.signal.aborted).toBe(true)
})

test('a few statistics tasks run at a time, and more than can wait are refused', async () => {
  const { tasks, held, start, window } = makeTasks()
  const ids = Array.from({ length: 1008 }, (_, array) => start(array).id)
  expect(held.map(({ array }) => Number(array))).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  expect(() => start(1008)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }) as Error)
  held[3]!.resolve(result(8))
  await turn()
  expect(held.at(-1)?.array).toBe('8')
  expect(start(3)).toMatchObject({ id: ids[3], state: 'done', results: 1 })
  expect(tasks.result(window, ids[3]!).bytes?.byteLength).toBe(8)
  expect(start(1008).state).toBe('running')
  tasks.leaveAll(window)
})

test('waiting statistics never begin when their window closes the store', async () => {
  const { tasks, held, start, window } = makeTasks()
  for (let array = 0; array < 50; array++) start(array)
  tasks.leaveAll(window, 2)
  expect(held.some(({ control }) => control.signal.aborted)).toBe(false)
  tasks.leaveAll(window, 1)
  await turn()
  expect(held).toHaveLength(8)
  start(99)
  expect(held.at(-1)?.array).toBe('99')
})

test.each([
  ['memory', BYTES, 100, 36],
  ['number', 1, 300, 99],
])('results of statistics are kept in a bounded %s', async (_, bytes, count, lastForgotten) => {
  const { held, start } = makeTasks()
  for (let array = 0; array < count; array++) {
    start(array)
    held[array]!.resolve(result(bytes))
    await turn()
  }
  for (let array = count - 1; array > lastForgotten; array--) expect(start(array)).toMatchObject({ state: 'done' })
  expect(held).toHaveLength(count)
  expect(start(0)).toMatchObject({ state: 'running' })
})

test('results of statistics are removed in the order in which windows last used them', async () => {
  const { tasks, held, window, start } = makeTasks()
  const finish = async (array: number): Promise<number> => {
    const { id } = start(array)
    held.at(-1)!.resolve(result(8))
    await turn()
    return id
  }
  const first = await finish(0)
  for (let array = 1; array < LIMITS.doneArrayTasks; array++) await finish(array)
  tasks.result(window, first)
  start(1)
  await finish(LIMITS.doneArrayTasks)
  await finish(LIMITS.doneArrayTasks + 1)
  expect([0, 1, 4].map(array => start(array).state)).toEqual(['done', 'done', 'done'])
  expect([2, 3].map(array => start(array).state)).toEqual(['running', 'running'])
})

test('results of statistics that no window uses are removed after a minute', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const { tasks, held, start, window } = makeTasks()
  const { id } = start('a')
  held[0]!.resolve(result(8))
  await turn()
  tasks.cancel(window, id)
  expect(start('a').id).toBe(id)
  tasks.cancel(window, id)
  vi.advanceTimersByTime(60_000)
  expect(start('a')).toMatchObject({ state: 'running', results: 0 })
})

test('failed statistics keep no partial result and can be started again', async () => {
  const { tasks, held, start, window } = makeTasks()
  const { id } = start('a')
  held[0]!.control.onProgress(PROGRESS, result(8))
  held[0]!.reject(new Error('failed'))
  await turn()
  expect(window.events.at(-1)).toMatchObject({ task: { id, state: 'failed', error: { code: 'IO' } } })
  expect(tasks.result(window, id).bytes).toBeNull()
  expect(start('a')).toMatchObject({ state: 'running' })
  expect(held).toHaveLength(2)
})
