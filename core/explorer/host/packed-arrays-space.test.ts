import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdtempSync, readdirSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NDArray } from '../../array/ndarray.ts'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { pack } from '../../packages/index.ts'
import { NumPack } from '../../storage/numpack.ts'
import { KeptSettings } from '../engine/kept-settings.ts'
import { ExplorerService } from '../engine/service.ts'
import type { ExplorerHost } from './host.ts'
import { EngineMessages } from './test-support/engine-messages.ts'
import { startTestHost, TestWindow } from './test-support/test-host.ts'

const MIB = 2 ** 20
/** More than is decompressed at once without a thread. */
const BYTES = 6 * MIB

/** Limits of these tests: room for one array, and a wait longer than any test takes. */
const limits = vi.hoisted(() => ({ spoolBytes: 10 * 2 ** 20, roomMilliseconds: 600_000 }))

vi.mock(import('../../format/limits.ts'), async original => {
  const { LIMITS } = await original()
  return { LIMITS: { ...LIMITS, ...(limits as object) } }
})

let folder: string
let cacheFolder: string
let source: string

const arrayOf = (value: number): NDArray => NDArray.from(new Uint8Array(BYTES).fill(value), { shape: [BYTES] })

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'packed-space-')))
  cacheFolder = join(folder, 'cache')
  const store = join(folder, 'x.npk')
  NumPack.with(store, npk => npk.save({ a: arrayOf(1), b: arrayOf(2), c: arrayOf(3) }))
  source = await pack(store)
})

afterEach(() => removeFolder(folder))

/** Names of the spools that are there; they are numbered in the order in which they were started. */
const spools = (): string[] =>
  readdirSync(cacheFolder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.spool'))
    .map(name => name.split(/[\\/]/).at(-1) ?? '')

const lastRowOf = (store: number, array: string) => ({
  store,
  array,
  rowSet: 'active' as const,
  rows: [BYTES - 1, BYTES] as [number, number],
  columns: [0, 1] as [number, number],
  index: [],
})

describe('the engine', () => {
  const tasks = new EngineMessages()
  const readable: string[] = []
  let news = Promise.withResolvers<void>()
  let service: ExplorerService
  let store: number

  beforeEach(async () => {
    readable.length = 0
    service = new ExplorerService({
      recents: new MemoryRecents(),
      settings: new KeptSettings({ folder: null, onNotice: () => {} }),
      stores: [],
      firstGeneration: 0,
      lastStoreId: 0,
      cacheFolder,
      onEvent: () => {},
      onReadable: (_, array) => {
        readable.push(array)
        news.resolve()
        news = Promise.withResolvers()
      },
      onTask: tasks.onTask,
    })
    store = (await service.handle('openStore', { path: source })).result.store.id
  })

  afterEach(() => service.close())

  const read = async (array: string): Promise<number[]> => [
    ...new Uint8Array((await service.handle('readWindow', lastRowOf(store, array))).bytes),
  ]
  const isNotReady = expect.objectContaining({ code: 'NOT_READY' }) as Error
  /** Reads as a host does: again each time that the array has become readable further. */
  const readWhenReadable = async (array: string): Promise<number[]> => {
    for (;;) {
      while (!readable.includes(array)) await news.promise
      readable.splice(readable.indexOf(array), 1)
      try {
        return await read(array)
      } catch (error) {
        expect(error).toEqual(isNotReady)
      }
    }
  }
  const statistics = (array: string) =>
    tasks.start(service, {
      kind: 'statistics',
      params: {
        store,
        array,
        generation: 0,
        rowSet: 'active',
        rows: null,
        columns: null,
        index: null,
        bins: 4,
        scale: 'linear',
      },
    })

  test('arrays that don’t fit together are read one after the other, each decompressed once', async () => {
    for (const array of ['a', 'b', 'c']) await expect(read(array)).rejects.toEqual(isNotReady)
    for (const [at, array] of ['a', 'b', 'c'].entries()) {
      expect(await readWhenReadable(array)).toEqual([at + 1])
      expect(readable).toEqual([])
      expect(spools()).toEqual([`${at}.spool`])
      service.endReads({ store, array })
    }
    await expect(read('a')).rejects.toEqual(isNotReady)
    expect(await readWhenReadable('a')).toEqual([1])
    expect(spools()).toEqual(['3.spool'])
  })

  test('rows that wait long for room are refused with the reason, and come once there is room', async () => {
    await expect(read('a')).rejects.toEqual(isNotReady)
    expect(await readWhenReadable('a')).toEqual([1])
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      await expect(read('b')).rejects.toEqual(isNotReady)
      vi.advanceTimersByTime(limits.roomMilliseconds)
    } finally {
      vi.useRealTimers()
    }
    expect(readable).toEqual(['b'])
    readable.length = 0
    const refused = read('b')
    await expect(refused).rejects.toMatchObject({ code: 'NO_SPACE' })
    await expect(refused).rejects.toThrow(
      `at most ${limits.spoolBytes} bytes are decompressed at a time, and this is being read: 'data_a.npkd'. Try again when that has ended, or unpack the package.`,
    )
    expect(await read('a')).toEqual([1])
    for (const array of ['b', 'a']) service.endReads({ store, array })
    await expect(read('b')).rejects.toEqual(isNotReady)
    expect(await readWhenReadable('b')).toEqual([2])
  })

  test('statistics of arrays that don’t fit together come one after the other, each decompressed once', async () => {
    const ends = await Promise.all(['a', 'b', 'c'].map(array => statistics(array).end))
    expect(ends).toMatchObject(
      [1, 2, 3].map(value => ({ kind: 'taskDone', result: { figures: { count: BYTES, sum: `${value * BYTES}` } } })),
    )
    expect(spools()).toEqual(['2.spool'])
  })

  test('an array whose task or read is cancelled keeps no other waiting', async () => {
    const { id } = statistics('a')
    const ofB = statistics('b')
    service.cancelTask(id)
    expect(await ofB.end).toMatchObject({ kind: 'taskDone' })
    await expect(read('c')).rejects.toEqual(isNotReady)
    const ofA = statistics('a')
    service.endReads({ store, array: 'c' })
    expect(await ofA.end).toMatchObject({ kind: 'taskDone' })
  })
})

const lastRow = async (window: TestWindow, store: number, array: string): Promise<number[]> => {
  const reply = await window.ask('readWindow', lastRowOf(store, array))
  if (!reply.ok) throw new Error(reply.error.message)
  return [...new Uint8Array(reply.bytes!)]
}

/** An engine with the limits of these tests. */
const createWorker = (workerData: unknown): Worker => {
  const [limitsUrl, engineUrl] = ['../../format/limits.ts', '../engine/worker.ts'].map(path =>
    JSON.stringify(new URL(path, import.meta.url).href),
  )
  const program = `import(${limitsUrl}).then(({ LIMITS }) => {
    Object.assign(LIMITS, ${JSON.stringify(limits)})
    return import(${engineUrl})
  })`
  return new Worker(program, { eval: true, workerData })
}

describe('windows', () => {
  let host: ExplorerHost

  beforeEach(() => {
    host = startTestHost(join(folder, 'data'), { cacheFolder, createWorker })
  })

  afterEach(() => host.close())

  test('that show arrays which don’t fit together get their rows, one after the other', async () => {
    const windows = [new TestWindow(host), new TestWindow(host), new TestWindow(host)]
    const stores: number[] = []
    for (const window of windows) stores.push((await window.get('openStore', { path: source })).store.id)
    const rows = windows.map((window, at) => lastRow(window, stores[at]!, ['a', 'b', 'c'][at]!))
    expect(await Promise.all(rows)).toEqual([[1], [2], [3]])
    expect(spools()).toEqual(['2.spool'])
    expect(await lastRow(windows[0]!, stores[0]!, 'a')).toEqual([1])
    expect(spools()).toEqual(['3.spool'])
  })

  test('that turn to another array keep the first one no longer', async () => {
    const window = new TestWindow(host)
    const { id: store } = (await window.get('openStore', { path: source })).store
    for (let turn = 0; turn < 3; turn++) {
      const left = lastRow(window, store, 'a')
      window.connection.cancel(window.lastId)
      await expect(left).rejects.toThrow('cancelled')
      expect(await lastRow(window, store, 'b')).toEqual([2])
    }
    const other = new TestWindow(host)
    await other.get('openStore', { path: source })
    const gone = lastRow(other, store, 'a')
    other.connection.close()
    await expect(gone).rejects.toThrow('closed')
    expect(await lastRow(window, store, 'c')).toEqual([3])
  })
})
