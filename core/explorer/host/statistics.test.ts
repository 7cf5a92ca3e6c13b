import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, truncateSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NumPackError } from '../../format/errors.ts'
import { pack } from '../../packages/index.ts'
import { openRecents } from '../../database/open-recents.ts'
import type { Recents } from '../../database/recents.ts'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../../storage/numpack.ts'
import { openFiles } from '../../test-support/open-files.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { METHODS } from '../contract/schemas.ts'
import type { Figures, Params, StatisticsState, StoreInfo } from '../contract/types.ts'
import { ExplorerService } from '../engine/service.ts'
import { LONG_ROWS, makeLongStore } from './test-support/long-store.ts'

const STORES = join(import.meta.dirname, '../../fixtures/stores')
const LIBRARY = join(import.meta.dirname, '../../..', 'assets', 'sample.npk')

interface Expected {
  count: number
  nan?: number
  finite: number
  zeros: number
  min?: string
  max?: string
  mean?: number
}

const expected = JSON.parse(readFileSync(join(STORES, 'expected.json'), 'utf8')) as {
  stores: Record<string, Record<string, { dtype: string; statistics?: Expected }>>
}

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
    stores: [],
    firstGeneration: 0,
    cacheFolder: join(folder, 'cache'),
    onEvent: () => {},
  })
}

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'statistics-')))
  await start()
})

afterEach(() => {
  service.close()
  rmSync(folder, { recursive: true, force: true })
})

const open = async (path: string): Promise<StoreInfo> => (await service.handle('openStore', { path })).result.store

/** A busy machine takes its time. */
const PATIENT = { timeout: 30_000 }

type Asked = Params<'readStatistics'>

const asked = (store: number, array: string, change: Partial<Asked> = {}): Asked => ({
  store,
  array,
  view: 'active',
  rows: null,
  columns: null,
  index: null,
  bins: 16,
  scale: 'linear',
  ...change,
})

async function look(params: Asked): Promise<StatisticsState> {
  const { result } = await service.handle('readStatistics', METHODS.readStatistics.params.parse(params))
  return METHODS.readStatistics.result.parse(JSON.parse(JSON.stringify(result)))
}

/** The figures at the end. */
async function figures(params: Asked): Promise<Figures> {
  await expect.poll(async () => (await look(params)).state, PATIENT).not.toBe('running')
  const { state, figures, error } = await look(params)
  expect([state, error]).toEqual(['done', null])
  return figures!
}

test('an array of pictures has figures of each channel, those of NumPy over all axes but the last', async () => {
  const { id } = await open(join(STORES, 'shapes.npk'))
  const { channels } = await figures(asked(id, 'image_rgb'))
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
  expect((await figures(asked(id, 'five_d'))).channels).toBeNull()
  expect((await figures(asked(id, 'image_rgb', { rows: [0, 2] }))).channels).toBeNull()
})

describe.each(['library.npk', 'shapes.npk', 'dtypes.npk', 'deleted.npk'])('the figures of %s', name => {
  const arrays = Object.entries(expected.stores[name]!).filter(
    ([, { dtype, statistics }]) => statistics !== undefined && !dtype.startsWith('complex'),
  )

  test.each(arrays)('%s are those of NumPy', async (array, { dtype, statistics }) => {
    const { id } = await open(name === 'library.npk' ? LIBRARY : join(STORES, name))
    const { count, nan = 0, finite, zeros, min = null, max = null, mean } = statistics!
    const found = await figures(asked(id, array))
    const [least, greatest] = dtype === 'bool' ? [min, max].map(text => (text === '1' ? 'true' : 'false')) : [min, max]
    expect(found).toMatchObject({ count, nan, finite, zeros, min: least, max: greatest, partial: false })
    expect(Math.abs((found.mean ?? 0) - (mean ?? 0))).toBeLessThanOrEqual(1e-12 * Math.abs(mean ?? 0))
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

test('figures of a view, of a part of it, and where the extremes are', async () => {
  using scratch = new ScratchStore(TABLE)
  const { id } = await open(scratch.path)
  expect(await figures(asked(id, 'table'))).toMatchObject({ count: 9, min: '0', max: '42', maxAt: [2, 2], sum: '219' })
  expect(await figures(asked(id, 'table', { view: 'deleted' }))).toMatchObject({ count: 6, min: '10', minAt: [0, 0] })
  const part = asked(id, 'table', { view: 'all', rows: [1, 3], columns: [1, 2], index: [] })
  expect(await figures(part)).toMatchObject({ count: 2, min: '11', max: '21', maxAt: [2, 1], sum: '32' })
})

test('complex numbers have figures of magnitude and phase', async () => {
  using scratch = new ScratchStore({ name: 'z', dtype: 'complex64', shape: [2], data: Float32Array.of(3, 4, 0, -2) })
  const { id } = await open(scratch.path)
  const { sum, magnitude, phase } = await figures(asked(id, 'z'))
  expect([sum, magnitude?.max, magnitude?.min]).toEqual([null, '5.0', '2.0'])
  expect(Number(phase?.min)).toBeCloseTo(-Math.PI / 2)
})

const inCopy = (): string => {
  const path = join(folder, 'copy.npk')
  cpSync(LIBRARY, path, { recursive: true })
  return path
}
const restart = async (): Promise<void> => {
  service.close()
  await start()
}

describe('finished figures', () => {
  test('are there at once in the next session', async () => {
    const path = inCopy()
    const before = await figures(asked((await open(path)).id, 'score'))
    await restart()
    expect(await look(asked((await open(path)).id, 'score'))).toMatchObject({ state: 'done', figures: before })
  })

  test('of columns too', async () => {
    const path = inCopy()
    const ask = async () => {
      const { id } = await open(path)
      const params = { store: id, array: 'embeddings', view: 'active', columns: [0, 384], index: [] } as const
      return service.handle('readColumnStatistics', METHODS.readColumnStatistics.params.parse(params))
    }
    await expect.poll(async () => (await ask()).result.state, PATIENT).toBe('done')
    const { bytes } = await ask()
    await restart()
    expect(await ask()).toMatchObject({ result: { state: 'done' }, bytes })
    utimesSync(join(path, 'data_embeddings.npkd'), 1, 1)
    await restart()
    expect((await ask()).result.state).toBe('running')
  })

  test('are worked out anew when the array changed, or its deleted rows', async () => {
    const path = inCopy()
    for (const [array, file] of [
      ['score', 'data_score.npkd'],
      ['embeddings', 'deleted_embeddings.npkb'],
    ] as const) {
      await figures(asked((await open(path)).id, array))
      await restart()
      utimesSync(join(path, file), 1, 1)
      expect((await look(asked((await open(path)).id, array))).state).toBe('running')
    }
  })

  test('of a part are not kept', async () => {
    const path = inCopy()
    await figures(asked((await open(path)).id, 'score', { rows: [0, 10] }))
    await restart()
    expect((await look(asked((await open(path)).id, 'score', { rows: [0, 10] }))).state).toBe('running')
  })
})

test('in a package they wait for what is still to be decompressed', async () => {
  const store = join(folder, 'big.npk')
  const data = Float64Array.from({ length: 2_000_000 }, (_, i) => i % 1000)
  NumPack.with(store, npk => npk.save({ big: NDArray.from(data, { shape: [data.length] }) }))
  const { id } = await open(await pack(store))
  const found = await figures(asked(id, 'big'))
  expect([found.count, Number(found.sum)]).toEqual([data.length, 2000 * 499_500])
})

describe('a long array', () => {
  const PATIENT = { timeout: 30_000 }
  let store: number
  let path: string

  beforeEach(async () => {
    path = join(folder, 'long.npk')
    makeLongStore(path)
    store = (await open(path)).id
  })

  test('has figures of a sample at once; cancelled work starts anew; rows are read meanwhile', async () => {
    const params = asked(store, 'long', { bins: 4 })
    const { state, progress, figures } = await look(params)
    expect(state).toBe('running')
    expect(figures).toMatchObject({ partial: true })
    expect(figures!.count).toBeLessThan(LONG_ROWS / 100)
    const bytesDone = async (): Promise<number> => (await look(params)).progress.bytesDone
    await expect.poll(bytesDone, PATIENT).toBeGreaterThan(progress.bytesDone)
    const rows = { store, array: 'long', view: 'active', rows: [0, 1], columns: [0, 1], index: [] } as const
    const { bytes } = await service.handle('readWindow', { ...rows, rows: [0, 1], columns: [0, 1], index: [] })
    expect([...new Float64Array(bytes)]).toEqual([1])
    await service.handle('cancelStatistics', params)
    expect(await look(params)).toMatchObject({ state: 'running', figures: { count: figures!.count } })
  })

  test.runIf(process.platform === 'linux')('is let go of when its store is closed', async () => {
    const columns = METHODS.readColumnStatistics.params.parse({
      store,
      array: 'long',
      view: 'active',
      columns: [0, 1],
      index: [],
    })
    const bytesDone = async (): Promise<number[]> => [
      (await look(asked(store, 'long'))).progress.bytesDone,
      (await service.handle('readColumnStatistics', columns)).result.progress.bytesDone,
    ]
    const [before] = await bytesDone()
    await expect.poll(async () => (await bytesDone()).every(bytes => bytes > before!), PATIENT).toBe(true)
    expect(openFiles(path)).not.toEqual([])
    await service.handle('closeStore', { store })
    // Work that merely nobody asks about goes on for seconds.
    await expect.poll(() => openFiles(path)).toEqual([])
  })

  test('that is cut short while it is read says so', async () => {
    const params = asked(store, 'long')
    await expect.poll(async () => (await look(params)).figures?.partial, PATIENT).toBe(true)
    truncateSync(join(path, 'data_long.npkd'), 800)
    const end = (): Promise<unknown> =>
      look(params).then(
        ({ error }) => error?.code,
        (error: unknown) => (error as NumPackError).code,
      )
    await expect.poll(end, PATIENT).toMatch(/CHANGED_ON_DISK|DAMAGED/)
  })
})
