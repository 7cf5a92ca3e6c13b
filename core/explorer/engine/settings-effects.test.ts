import { mkdirSync, mkdtempSync, realpathSync, truncateSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { encodeMetadata } from '../../format/metadata.ts'
import { pack } from '../../packages/index.ts'
import * as scanInThreads from '../../statistics/scan-in-threads.ts'
import { removeFolder } from '../../test-support/remove-folder.ts'
import type { Params } from '../contract/types.ts'
import { KeptSettings } from './kept-settings.ts'
import type { TaskMessage } from './messages.ts'
import { ExplorerService } from './service.ts'

vi.mock(import('../../statistics/scan-in-threads.ts'), { spy: true })

/** More than the least cache limit, and more chunks of a scan than threads. */
const BYTES = 65 * 2 ** 20

let folder: string
let store: string
let service: ExplorerService
const ends = new Map<number, (message: TaskMessage) => void>()

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'settings-effects-')))
  store = join(folder, 'x.npk')
  mkdirSync(store)
  writeFileSync(join(store, 'data_a.npkd'), '')
  truncateSync(join(store, 'data_a.npkd'), BYTES)
  const record = { name: 'a', dtype: 'uint8' as const, shape: [BYTES], dataFile: 'data_a.npkd', lastModified: 0 }
  writeFileSync(join(store, 'metadata.npkm'), encodeMetadata([{ ...record, sizeBytes: BYTES }]))
  vi.mocked(scanInThreads.scanInThreads).mockClear()
  service = new ExplorerService({
    recents: new MemoryRecents(),
    settings: new KeptSettings({ folder: null, onNotice: () => {} }),
    stores: [],
    firstGeneration: 0,
    lastStoreId: 0,
    cacheFolder: join(folder, 'cache'),
    onEvent: () => {},
    onTask: message => message.kind !== 'taskProgress' && ends.get(message.task)?.(message),
  })
  return () => removeFolder(folder)
})

afterEach(() => service.close())

const set = (params: Params<'setSetting'>) => service.handle('setSetting', params)
const open = async (path: string): Promise<number> => (await service.handle('openStore', { path })).result.store.id

let lastTask = 0

/** Computes statistics that no earlier call has, and returns the numbers of threads of its scans. */
async function threadsOf(id: number, columns: [number, number] | null): Promise<number[]> {
  const { mock } = vi.mocked(scanInThreads.scanInThreads)
  const before = mock.calls.length
  const task = ++lastTask
  const end = new Promise<TaskMessage>(resolve => ends.set(task, resolve))
  const array = { store: id, array: 'a', rowSet: 'active' as const, generation: 0 }
  if (columns === null) {
    const bars = { bins: 16 + task, scale: 'linear' as const }
    service.startTask(task, { kind: 'statistics', params: { ...array, rows: null, columns, index: null, ...bars } })
  } else service.startTask(task, { kind: 'columnStatistics', params: { ...array, columns, index: [] } })
  expect(await end).toMatchObject({ kind: 'taskDone' })
  return [...new Set(mock.calls.slice(before).map(([, workers]) => workers))]
}

test('statistics of a large array have as many threads as the settings say when they start', async () => {
  const id = await open(store)
  const automatic = Math.max(1, availableParallelism() - 1)
  expect(await threadsOf(id, null)).toEqual([automatic])
  const threads = automatic + 2
  await set({ key: 'workerThreads', value: threads })
  expect(await threadsOf(id, null)).toEqual([threads])
  expect(await threadsOf(id, [0, 1])).toEqual([threads])
  await set({ key: 'workerThreads', value: null })
  expect(await threadsOf(id, null)).toEqual([automatic])
})

test('a package that is open decompresses no more than the cache limit of the settings, until that is raised', async () => {
  const id = await open(await pack(store))
  const last: Pick<Params<'readWindow'>, 'rows' | 'columns'> = { rows: [BYTES - 1, BYTES], columns: [0, 1] }
  const read = () => service.handle('readWindow', { store: id, array: 'a', rowSet: 'active', index: [], ...last })
  await set({ key: 'cacheBytes', value: 2 ** 26 })
  await expect(read()).rejects.toMatchObject({
    code: 'NO_SPACE',
    message: expect.stringContaining(`(${2 ** 26})`) as string,
  })
  await set({ key: 'cacheBytes', value: null })
  await expect(read()).rejects.toMatchObject({ code: 'NOT_READY' })
})
