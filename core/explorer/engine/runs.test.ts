import { describe, expect, test } from 'vitest'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { type RunTarget, Runs, type Work } from './runs.ts'
import { TaskQueue } from '../../system/task-queue.ts'

const reader = { source: { parts: [] } } as unknown as ArrayReader
const target: RunTarget = { path: '/a.npk', reader, generation: 0 }
const recents = { cachedStatistics: () => null, cacheStatistics: () => {} }

/** Of the figures of each. */
const BYTES = 2 ** 20

/** Work that the test ends; `started` holds the arrays whose work began. */
function makeRuns(keyOf: () => null = () => null, bytes = BYTES) {
  const started: number[] = []
  const ends = new Map<number, (figures: number) => void>()
  /** Each has some figures, and fails. */
  const failures = new Map<number, () => void>()
  const work: Work<{ store: number; array: number }, number> = {
    keyOf,
    run: ({ array }, _reader, { signal, onProgress }) => {
      started.push(array)
      return new Promise((resolve, reject) => {
        ends.set(array, resolve)
        failures.set(array, () => {
          onProgress({ bytesDone: 1, bytesTotal: 2, rate: 1, secondsLeft: 1 }, () => 1)
          reject(new Error('failed'))
        })
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    },
    bytesOf: () => bytes,
    toJson: () => null,
    fromJson: () => null,
  }
  const queue = new TaskQueue({ running: 8, waiting: 1000, name: 'statistics' })
  const runs = new Runs(work, recents, queue, () => {})
  const look = (array: number) => runs.look({ store: 1, array }, target)
  return {
    runs,
    started,
    look,
    end: (array: number) => ends.get(array)!(array),
    fail: (array: number) => failures.get(array)!(),
  }
}

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

describe('statistics that are asked for all at once', () => {
  test('are worked out a few at a time; more than can wait are refused', async () => {
    const { runs, started, look, end } = makeRuns()
    for (let array = 0; array < 1008; array++) expect(look(array).state).toBe('running')
    expect(started).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(() => look(1008)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }) as Error)
    end(3)
    await turn()
    expect(started.at(-1)).toBe(8)
    expect(look(3)).toMatchObject({ state: 'done', figures: 3 })
    expect(look(1008).state).toBe('running')
    runs.close()
  })

  test('never begin when their store is closed before their turn', async () => {
    const { runs, started, look } = makeRuns()
    for (let array = 0; array < 50; array++) look(array)
    runs.closeStore(1)
    await turn()
    expect(started).toHaveLength(8)
    look(99)
    expect(started.at(-1)).toBe(99)
    runs.close()
  })

  test('are kept for a while in bounded memory', async () => {
    const { runs, started, look, end } = makeRuns()
    for (let array = 0; array < 100; array++) {
      look(array)
      end(array)
      await turn()
    }
    for (let array = 99; array > 36; array--) expect(look(array)).toMatchObject({ state: 'done' })
    expect(started).toHaveLength(100)
    expect(look(0)).toMatchObject({ state: 'running' })
    runs.close()
  })

  test('fail again when they are asked for again where their files can’t be looked at', () => {
    const { runs, look } = makeRuns(() => {
      throw new Error('no such file')
    })
    for (let times = 0; times < 2; times++) expect(() => look(0)).toThrow('no such file')
    runs.close()
  })

  test('are kept for a while in a bounded number', async () => {
    const { runs, started, look, end } = makeRuns(() => null, 1)
    for (let array = 0; array < 300; array++) {
      look(array)
      end(array)
      await turn()
    }
    expect(look(299)).toMatchObject({ state: 'done' })
    expect(started).toHaveLength(300)
    expect(look(0)).toMatchObject({ state: 'running' })
    runs.close()
  })

  test('keep nothing of what was found before they failed', async () => {
    const { runs, look, fail } = makeRuns()
    look(0)
    fail(0)
    await turn()
    expect(look(0)).toMatchObject({ state: 'failed', figures: null })
    runs.close()
  })
})
