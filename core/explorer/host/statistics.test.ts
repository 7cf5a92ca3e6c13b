import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, mkdtempSync, realpathSync, truncateSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pack } from '../../packages/index.ts'
import { openRecents } from '../../database/open-recents.ts'
import type { Recents } from '../../database/recents.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../../storage/numpack.ts'
import { openFiles } from '../../test-support/open-files.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { Figures as FiguresSchema } from '../contract/statistics.ts'
import { METHODS } from '../contract/schemas.ts'
import type { Figures, ArrayTaskParams, ArrayTaskRequest, StoreInfo } from '../contract/types.ts'
import type { TaskMessage } from '../engine/messages.ts'
import { KeptSettings } from '../engine/kept-settings.ts'
import { ExplorerService } from '../engine/service.ts'
import { EngineMessages } from './test-support/engine-messages.ts'
import { expected, STORES } from '../../test-support/fixture-stores.ts'
import { LONG_ROWS, makeLongStore } from './test-support/long-store.ts'

const LIBRARY = join(import.meta.dirname, '../../..', 'assets', 'sample.npk')

const tasks = new EngineMessages()
let folder: string
let recents: Recents
let service: ExplorerService

const onNotice = (message: string): void => {
  throw new Error(message)
}

async function start(): Promise<void> {
  recents = await openRecents({ folder: join(folder, 'data'), onNotice })
  service = new ExplorerService({
    recents,
    settings: new KeptSettings({ folder: null, onNotice: () => {} }),
    stores: [],
    firstGeneration: 0,
    lastStoreId: 0,
    cacheFolder: join(folder, 'cache'),
    onEvent: () => {},
    onTask: tasks.onTask,
  })
}

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'statistics-')))
  await start()
})

afterEach(() => {
  service.close()
  removeFolder(folder)
})

const open = async (path: string): Promise<StoreInfo> => (await service.handle('openStore', { path })).result.store

type Params = ArrayTaskParams<'statistics'>

const paramsOf = (store: number, array: string, change: Partial<Params> = {}): Params => ({
  store,
  array,
  generation: 0,
  rowSet: 'active',
  rows: null,
  columns: null,
  index: null,
  bins: 16,
  scale: 'linear',
  ...change,
})

const requestOf = (params: Params): ArrayTaskRequest =>
  METHODS.startTask.params.parse({
    kind: 'statistics',
    params,
  }) as ArrayTaskRequest

async function computeStatistics(params: Params): Promise<Figures> {
  const { figures } = await tasks.result(service, requestOf(params))
  return FiguresSchema.parse(JSON.parse(JSON.stringify(figures)))
}

async function isCached(request: ArrayTaskRequest): Promise<boolean> {
  const { id, first, messages } = tasks.start(service, request)
  await first
  service.cancelTask(id)
  return messages[0]?.kind === 'taskDone'
}

test('an array of images has statistics of each channel, equal to those of NumPy over all axes but the last', async () => {
  const { id } = await open(join(STORES, 'shapes.npk'))
  const { channels } = await computeStatistics(paramsOf(id, 'image_rgb'))
  // numpy.mean and numpy.std of each channel (over axes at once NumPy loses two digits of std)
  const means = [126.39713541666667, 127.75944010416667, 126.900390625]
  const stds = [74.39362401360411, 73.79817288416214, 73.94865881456141]
  expect(channels).toEqual(
    means.map((mean, i) => ({
      nan: 0,
      min: '0',
      max: '255',
      mean: expect.closeTo(mean, 12),
      std: expect.closeTo(stds[i]!, 12),
    })),
  )
  expect((await computeStatistics(paramsOf(id, 'five_d'))).channels).toBeNull()
  expect((await computeStatistics(paramsOf(id, 'image_rgb', { rows: [0, 2] }))).channels).toBeNull()
})

describe.each(['library.npk', 'shapes.npk', 'dtypes.npk', 'deleted.npk'])('the statistics of %s', name => {
  const arrays = Object.entries(expected.stores[name]!).filter(
    ([, { dtype, statistics }]) => statistics !== undefined && !dtype.startsWith('complex'),
  )

  test.each(arrays)('%s are those of NumPy', async (array, { dtype, statistics }) => {
    const { id } = await open(name === 'library.npk' ? LIBRARY : join(STORES, name))
    const { count, nan = 0, finite, zeros, min = null, max = null, mean } = statistics!
    const found = await computeStatistics(paramsOf(id, array))
    const [least, greatest] = dtype === 'bool' ? [min, max].map(text => (text === '1' ? 'true' : 'false')) : [min, max]
    expect(found).toMatchObject({ count, nan, finite, zeros, min: least, max: greatest, partial: false })
    expect(Math.abs(Number(found.mean ?? 0) - (mean ?? 0))).toBeLessThanOrEqual(1e-12 * Math.abs(mean ?? 0))
    expect(found.mean === null).toBe(mean === undefined)
    expect(found.histogram?.counts.reduce((a, b) => a + b, 0) ?? 0).toBe(finite)
  })
})

/** Element [i, j] is 10 i + j; rows 1 and 2 are deleted. */
const TABLE = {
  name: 'table',
  dtype: 'int16' as const,
  shape: [5, 3],
  data: Int16Array.from({ length: 15 }, (_, n) => 10 * Math.floor(n / 3) + (n % 3)),
  deleted: [1, 2],
}

test('statistics are those of the row set or the part of it, and extremes have their place in the array', async () => {
  using scratch = new ScratchStore(TABLE)
  const { id } = await open(scratch.path)
  expect(await computeStatistics(paramsOf(id, 'table'))).toMatchObject({
    count: 9,
    min: '0',
    max: '42',
    maxAt: [2, 2],
    sum: '219',
  })
  expect(await computeStatistics(paramsOf(id, 'table', { rowSet: 'deleted' }))).toMatchObject({
    count: 6,
    min: '10',
    minAt: [0, 0],
  })
  const part = paramsOf(id, 'table', { rowSet: 'all', rows: [1, 3], columns: [1, 2], index: [] })
  expect(await computeStatistics(part)).toMatchObject({ count: 2, min: '11', max: '21', maxAt: [2, 1], sum: '32' })
})

test('complex numbers have statistics of magnitude and phase', async () => {
  using scratch = new ScratchStore({ name: 'z', dtype: 'complex64', shape: [2], data: Float32Array.of(3, 4, 0, -2) })
  const { id } = await open(scratch.path)
  const { sum, magnitude, phase } = await computeStatistics(paramsOf(id, 'z'))
  expect([sum, magnitude?.max, magnitude?.min]).toEqual([null, '5.0', '2.0'])
  expect(Number(phase?.min)).toBeCloseTo(-Math.PI / 2)
})

/** Copies the sample store and returns its path. */
const copyLibrary = (): string => {
  const path = join(folder, 'copy.npk')
  cpSync(LIBRARY, path, { recursive: true })
  return path
}
const restart = async (): Promise<void> => {
  service.close()
  await start()
}

describe('complete statistics', () => {
  test('of an array are kept for the next session', async () => {
    const path = copyLibrary()
    const before = await computeStatistics(paramsOf((await open(path)).id, 'score'))
    await restart()
    const again = paramsOf((await open(path)).id, 'score')
    expect(await isCached(requestOf(again))).toBe(true)
    expect(await computeStatistics(again)).toEqual(before)
  })

  test('of columns are kept for the next session, until the data file changes', async () => {
    const path = copyLibrary()
    const request = async (): Promise<ArrayTaskRequest> => {
      const { id } = await open(path)
      const params = { store: id, array: 'embeddings', generation: 0, rowSet: 'active', columns: [0, 384], index: [] }
      return METHODS.startTask.params.parse({ kind: 'columnStatistics', params }) as ArrayTaskRequest
    }
    const { bytes } = await tasks.result(service, await request())
    await restart()
    expect(await isCached(await request())).toBe(true)
    expect((await tasks.result(service, await request())).bytes).toEqual(bytes)
    utimesSync(join(path, 'data_embeddings.npkd'), 1, 1)
    await restart()
    expect(await isCached(await request())).toBe(false)
  })

  test('are computed again when the data file or the deletion bitmap has changed', async () => {
    const path = copyLibrary()
    for (const [array, file] of [
      ['score', 'data_score.npkd'],
      ['embeddings', 'deleted_embeddings.npkb'],
    ] as const) {
      await computeStatistics(paramsOf((await open(path)).id, array))
      await restart()
      utimesSync(join(path, file), 1, 1)
      expect(await isCached(requestOf(paramsOf((await open(path)).id, array)))).toBe(false)
    }
  })

  test('of a part are not kept', async () => {
    const path = copyLibrary()
    await computeStatistics(paramsOf((await open(path)).id, 'score', { rows: [0, 10] }))
    await restart()
    expect(await isCached(requestOf(paramsOf((await open(path)).id, 'score', { rows: [0, 10] })))).toBe(false)
  })
})

test('statistics of a packed array wait until it is decompressed', async () => {
  const store = join(folder, 'big.npk')
  const data = Float64Array.from({ length: 2_000_000 }, (_, i) => i % 1000)
  NumPack.with(store, npk => npk.save({ big: NDArray.from(data, { shape: [data.length] }) }))
  const { id } = await open(await pack(store))
  const found = await computeStatistics(paramsOf(id, 'big'))
  expect([found.count, Number(found.sum)]).toEqual([data.length, 2000 * 499_500])
})

const bytesDone = (message: TaskMessage): number => (message.kind === 'taskProgress' ? message.progress.bytesDone : 0)

/** Waits until a task has made progress. */
async function waitForProgress(messages: readonly TaskMessage[]): Promise<void> {
  await expect.poll(() => new Set(messages.map(bytesDone)).size, { timeout: 30_000 }).toBeGreaterThan(1)
}

describe('a long array', () => {
  let store: number
  let path: string

  beforeEach(async () => {
    path = join(folder, 'long.npk')
    makeLongStore(path)
    store = (await open(path)).id
  })

  test('has statistics of a sample at once; rows can be read meanwhile; a cancelled task sends nothing more', async () => {
    const params = paramsOf(store, 'long', { bins: 4 })
    const { id, first, messages } = tasks.start(service, requestOf(params))
    const { figures } = ((await first) as Extract<TaskMessage, { kind: 'taskProgress' }>).result!
    expect(figures).toMatchObject({ partial: true })
    expect(figures!.count).toBeLessThan(LONG_ROWS / 100)
    await waitForProgress(messages)
    const window = { store, array: 'long', rowSet: 'active' } as const
    const { bytes } = await service.handle('readWindow', { ...window, rows: [0, 1], columns: [0, 1], index: [] })
    expect([...new Float64Array(bytes)]).toEqual([1])
    service.cancelTask(id)
    const { length } = messages
    const again = tasks.start(service, requestOf(params))
    expect(await again.first).toMatchObject({ kind: 'taskProgress', result: { figures: { count: figures!.count } } })
    await waitForProgress(again.messages)
    expect(messages).toHaveLength(length)
  })

  test.runIf(process.platform === 'linux')(
    'has no open files after its tasks are cancelled and its store is closed',
    async () => {
      const columns = { store, array: 'long', generation: 0, rowSet: 'active', columns: [0, 1], index: [] }
      const request = METHODS.startTask.params.parse({ kind: 'columnStatistics', params: columns }) as ArrayTaskRequest
      const started = [requestOf(paramsOf(store, 'long')), request].map(request => tasks.start(service, request))
      for (const { messages } of started) await waitForProgress(messages)
      expect(openFiles(path)).not.toEqual([])
      for (const { id } of started) service.cancelTask(id)
      await service.handle('closeStore', { store })
      await expect.poll(() => openFiles(path)).toEqual([])
    },
  )

  test('that is cut short while it is read fails the task with a typed error', async () => {
    const { first, end } = tasks.start(service, requestOf(paramsOf(store, 'long')))
    await first
    truncateSync(join(path, 'data_long.npkd'), 800)
    expect(await end).toMatchObject({
      kind: 'taskFailed',
      error: { code: expect.stringMatching(/CHANGED_ON_DISK|DAMAGED/) },
    })
  })
})
