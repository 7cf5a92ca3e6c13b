import { describe, expect, test } from 'vitest'
import { TaskQueue } from './task-queue.ts'

const signal = new AbortController().signal

function makeTasks(queue: TaskQueue) {
  const started: string[] = []
  const ends = new Map<string, (value: string) => void>()
  const run = (name: string, control = signal): Promise<string> =>
    queue.run(() => {
      started.push(name)
      return new Promise<string>(resolve => ends.set(name, resolve))
    }, control)
  return { started, run, end: (name: string) => ends.get(name)!(name) }
}

const queueOf = (running: number, waiting: number) => new TaskQueue({ running, waiting, name: 'tasks' })

describe('a queue of tasks', () => {
  test('starts a task at once if fewer than the limit run; the others wait and start in order', async () => {
    const { started, run, end } = makeTasks(queueOf(2, 9))
    const all = ['a', 'b', 'c', 'd'].map(name => run(name))
    expect(started).toEqual(['a', 'b'])
    end('b')
    expect(await all[1]).toBe('b')
    expect(started).toEqual(['a', 'b', 'c'])
    end('a')
    await all[0]
    expect(started).toEqual(['a', 'b', 'c', 'd'])
  })

  test('starts the next task after one that fails', async () => {
    const queue = queueOf(1, 9)
    const fails = queue.run(() => Promise.reject(new Error('no')), signal)
    const next = queue.run(() => Promise.resolve(5), signal)
    await expect(fails).rejects.toThrow('no')
    expect(await next).toBe(5)
  })

  test('never starts a task that was cancelled while it waited', async () => {
    const { started, run, end } = makeTasks(queueOf(1, 9))
    const controller = new AbortController()
    const first = run('a')
    const cancelled = run('b', controller.signal)
    const last = run('c')
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'ABORTED' })
    end('a')
    await first
    expect(started).toEqual(['a', 'c'])
    end('c')
    expect(await last).toBe('c')
  })

  test('refuses more tasks than may run and wait, until one has ended', async () => {
    const queue = queueOf(1, 1)
    const { run, end } = makeTasks(queue)
    const first = run('a')
    queue.checkRoom()
    void run('b')
    expect(() => queue.checkRoom()).toThrow(expect.objectContaining({ code: 'ARGUMENT' }) as Error)
    end('a')
    await first
    queue.checkRoom()
  })
})
