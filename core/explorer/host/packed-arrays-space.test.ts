import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { NDArray } from '../../array/ndarray.ts'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { LIMITS } from '../../format/limits.ts'
import { pack } from '../../packages/index.ts'
import { NumPack } from '../../storage/numpack.ts'
import { ExplorerService } from '../engine/service.ts'
import type { ExplorerHost } from './host.ts'
import { EngineMessages } from './test-support/engine-messages.ts'
import { startTestHost, TestWindow } from './test-support/test-host.ts'

const MIB = 2 ** 20
/** More than is decompressed at once without a thread. */
const BYTES = 6 * MIB
const ROOM_FOR_ONE = 10 * MIB
const WAIT = { timeout: 60_000 }

vi.mock(import('../../format/limits.ts'), async original => {
  const { LIMITS } = await original()
  return { LIMITS: { ...LIMITS, spoolBytes: 10 * 2 ** 20 as never } }
})

let folder: string
let cacheFolder: string
let source: string

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'packed-space-')))
  cacheFolder = join(folder, 'cache')
  const store = join(folder, 'x.npk')
  const ofOnes = (value: number): NDArray => NDArray.from(new Uint8Array(BYTES).fill(value), { shape: [BYTES] })
  NumPack.with(store, npk => npk.save({ a: ofOnes(1), b: ofOnes(2), c: ofOnes(3) }))
  source = await pack(store)
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

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
  const readable = vi.fn<(store: number, array: string) => void>()
  let service: ExplorerService
  let store: number

  beforeEach(async () => {
    expect(LIMITS.spoolBytes).toBe(ROOM_FOR_ONE)
    readable.mockReset()
    service = new ExplorerService({
      recents: new MemoryRecents(),
      stores: [],
      firstGeneration: 0,
      cacheFolder,
      onEvent: () => {},
      onReadable: readable,
      onTask: tasks.onTask,
    })
    store = (await service.handle('openStore', { path: source })).result.store.id
  })

  afterEach(() => service.close())

  const read = async (array: string): Promise<number[]> => [
    ...new Uint8Array((await service.handle('readWindow', lastRowOf(store, array))).bytes),
  ]
  const isReadable = (array: string): Promise<boolean> =>
    vi.waitUntil(() => readable.mock.calls.some(([, name]) => name === array), WAIT)
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
    for (const array of ['a', 'b', 'c']) await expect(read(array)).rejects.toMatchObject({ code: 'NOT_READY' })
    for (const [at, array] of ['a', 'b', 'c'].entries()) {
      await isReadable(array)
      expect(readable.mock.calls).toEqual(['a', 'b', 'c'].slice(0, at + 1).map(name => [store, name]))
      expect(await read(array)).toEqual([at + 1])
      expect(spools()).toEqual([`${at}.spool`])
      service.endReads({ store, array })
    }
    readable.mockReset()
    await expect(read('a')).rejects.toMatchObject({ code: 'NOT_READY' })
    await isReadable('a')
    expect(await read('a')).toEqual([1])
    expect(spools()).toEqual(['3.spool'])
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
    await expect(read('c')).rejects.toMatchObject({ code: 'NOT_READY' })
    const ofA = statistics('a')
    service.endReads({ store, array: 'c' })
    expect(await ofA.end).toMatchObject({ kind: 'taskDone' })
  })
})

describe('windows', () => {
  /** An engine whose limit is that of this test. */
  const createWorker = (workerData: unknown): Worker => {
    const [limits, engine] = ['../../format/limits.ts', '../engine/worker.ts'].map(path =>
      JSON.stringify(new URL(path, import.meta.url).href),
    )
    const program = `import(${limits}).then(({ LIMITS }) => {
      Object.assign(LIMITS, { spoolBytes: ${ROOM_FOR_ONE} })
      return import(${engine})
    })`
    return new Worker(program, { eval: true, workerData })
  }
  let host: ExplorerHost

  beforeEach(() => {
    host = startTestHost(join(folder, 'data'), { cacheFolder, createWorker })
  })

  afterEach(() => host.close())

  const lastRow = async (window: TestWindow, store: number, array: string): Promise<number[]> => {
    const reply = await window.ask('readWindow', lastRowOf(store, array))
    if (!reply.ok) throw new Error(reply.error.message)
    return [...new Uint8Array(reply.bytes!)]
  }

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
