import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pack } from '../../packages/index.ts'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../../storage/numpack.ts'
import type { ExplorerEvent } from '../contract/types.ts'
import { KeptSettings } from '../engine/kept-settings.ts'
import { ExplorerService } from '../engine/service.ts'
import { EngineMessages } from './test-support/engine-messages.ts'

/** Larger than the read-ahead: the end is never ready before it is requested. */
const ELEMENTS = 10_000_000

const tasks = new EngineMessages()
const events: ExplorerEvent[] = []
const readable = vi.fn<(store: number, array: string) => void>()
let folder: string
let service: ExplorerService
let store: number

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'packed-')))
  const path = join(folder, 'big.npk')
  const data = Float64Array.from({ length: ELEMENTS }, (_, i) => i % 1000)
  NumPack.with(path, npk => npk.save({ big: NDArray.from(data, { shape: [ELEMENTS] }) }))
  const source = await pack(path)
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] })
  events.length = 0
  readable.mockReset()
  service = new ExplorerService({
    recents: new MemoryRecents(),
    settings: new KeptSettings({ folder: null, onNotice: () => {} }),
    stores: [],
    firstGeneration: 0,
    lastStoreId: 0,
    cacheFolder: join(folder, 'cache'),
    onEvent: event => events.push(event),
    onReadable: readable,
    onTask: tasks.onTask,
  })
  store = (await service.handle('openStore', { path: source })).result.store.id
})

afterEach(() => {
  service.close()
  vi.useRealTimers()
  removeFolder(folder)
})

const statistics = () =>
  ({
    kind: 'statistics',
    params: {
      store,
      array: 'big',
      generation: 0,
      rowSet: 'active',
      rows: null,
      columns: null,
      index: null,
      bins: 4,
      scale: 'linear',
    },
  }) as const

const readLastRow = () =>
  service.handle('readWindow', {
    store,
    array: 'big',
    rowSet: 'active',
    rows: [ELEMENTS - 1, ELEMENTS],
    columns: [0, 1],
    index: [],
  })

test('statistics of a packed array show the progress of its decompression and come when it has ended', async () => {
  const { end, messages } = tasks.start(service, statistics())
  const done = await end
  expect(done).toMatchObject({ kind: 'taskDone', result: { figures: { count: ELEMENTS, sum: '4995000000.0' } } })
  const first = messages[0]
  expect(first).toMatchObject({ kind: 'taskProgress', result: null, progress: { bytesTotal: 2 * 8 * ELEMENTS } })
  const bytesDone = messages.flatMap(message => (message.kind === 'taskProgress' ? [message.progress.bytesDone] : []))
  expect(bytesDone).toEqual(bytesDone.toSorted((a, b) => a - b))
})

test('rows that a request needed are reported once when they can be read, and the progress up to the end', async () => {
  await expect(readLastRow()).rejects.toMatchObject({ code: 'NOT_READY' })
  await vi.waitUntil(() => readable.mock.calls.length > 0, { timeout: 30_000 })
  expect(readable.mock.calls).toEqual([[store, 'big']])
  const { bytes } = await readLastRow()
  expect([...new Float64Array(bytes)]).toEqual([999])
  const progress = events.filter(event => event.type === 'decompressing')
  expect(progress.at(-1)).toMatchObject({ store, array: 'big', bytesDone: 8 * ELEMENTS, bytesTotal: 8 * ELEMENTS })
})

test('statistics that wait for decompression fail when their package is closed', async () => {
  const { first, end } = tasks.start(service, statistics())
  expect(await first).toMatchObject({ kind: 'taskProgress', result: null })
  await service.handle('closeStore', { store })
  expect(await end).toMatchObject({ kind: 'taskFailed', error: { code: 'CLOSED' } })
})
