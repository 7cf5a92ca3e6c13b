import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdirSync, mkdtempSync, realpathSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DType } from '../../format/dtype.ts'
import { LIMITS } from '../../format/limits.ts'
import { encodeMetadata } from '../../format/metadata.ts'
import { openRecents } from '../../database/open-recents.ts'
import { COLUMN_FIGURES } from '../contract/columns.ts'
import { METHODS } from '../contract/schemas.ts'
import type { Answer, ArrayTaskParams, ArrayTaskRequest, Params, RowSetName } from '../contract/types.ts'
import type { EngineMethod } from '../engine/messages.ts'
import { KeptSettings } from '../engine/kept-settings.ts'
import { ExplorerService } from '../engine/service.ts'
import { EngineMessages } from './test-support/engine-messages.ts'

/** Stores whose few bytes claim any size: a request costs as much as its answer may have, or fails. */

const HUGE = 2 ** 53 - 1
const ROW_SETS: readonly RowSetName[] = ['active', 'all', 'deleted']

const tasks = new EngineMessages()
let folder: string
let service: ExplorerService
let store: number

interface Claim {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly dataBytes: number
  readonly bitmap?: number
}

const CLAIMS: Record<string, Claim> = {
  rows: { dtype: 'float64', shape: [HUGE, 0], dataBytes: 0 },
  deletedRows: { dtype: 'float64', shape: [2 ** 26, 0], dataBytes: 0, bitmap: 16 + 2 ** 23 },
  coveredInPart: { dtype: 'float64', shape: [2 ** 25, 0], dataBytes: 0, bitmap: 16 },
  cube: { dtype: 'int64', shape: [5, 2 ** 40, 0], dataBytes: 0 },
  columns: { dtype: 'uint8', shape: [1, 20_000_000], dataBytes: 20_000_000 },
  noRows: { dtype: 'float32', shape: [0, HUGE], dataBytes: 0 },
}

function makeStore(path: string): void {
  mkdirSync(path)
  for (const [name, { shape, dataBytes, bitmap }] of Object.entries(CLAIMS)) {
    writeFileSync(join(path, `data_${name}.npkd`), '')
    truncateSync(join(path, `data_${name}.npkd`), dataBytes)
    if (bitmap === undefined) continue
    const rows = BigInt(shape[0]!)
    writeFileSync(join(path, `deleted_${name}.npkb`), BigUint64Array.of(rows, bitmap > 16 ? rows : 0n))
    truncateSync(join(path, `deleted_${name}.npkb`), bitmap)
  }
  const records = Object.entries(CLAIMS).map(([name, { dtype, shape, dataBytes }]) => ({
    name,
    dtype,
    shape,
    dataFile: `data_${name}.npkd`,
    lastModified: 0,
    sizeBytes: dataBytes,
  }))
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata(records))
}

const onNotice = (message: string): never => {
  throw new Error(message)
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostile-')))
  makeStore(join(folder, 'claims.npk'))
  const recents = await openRecents({ folder: join(folder, 'data'), onNotice })
  const cacheFolder = join(folder, 'cache')
  const { onTask } = tasks
  service = new ExplorerService({
    recents,
    settings: new KeptSettings({ folder: null, onNotice: () => {} }),
    stores: [],
    firstGeneration: 0,
    lastStoreId: 0,
    cacheFolder,
    onEvent: () => {},
    onTask,
  })
  const { result } = await ask('openStore', { path: join(folder, 'claims.npk') })
  store = result.store.id
})

afterAll(() => {
  service.close()
  removeFolder(folder)
})

const ask = async <M extends EngineMethod>(method: M, params: Params<M>): Promise<Answer<M>> =>
  service.handle(method, METHODS[method].params.parse(params) as Params<M>)

const everyArray = Object.keys(CLAIMS).flatMap(array => ROW_SETS.map(rowSet => [array, rowSet] as const))

const indexOf = (array: string): number[] => CLAIMS[array]!.shape.slice(1, -1).map(() => 0)

test('a store of any claims opens: sizes are not believed', async () => {
  const { result } = await ask('openStore', { path: join(folder, 'claims.npk') })
  const arrays = Object.fromEntries(result.store.arrays.map(array => [array.name, array]))
  expect(Object.keys(arrays).sort()).toEqual(Object.keys(CLAIMS).sort())
  for (const { damaged } of Object.values(arrays)) expect(damaged).toBeNull()
  expect(arrays['deletedRows']).toMatchObject({ shape: [0, 0], deletedRows: 2 ** 26 })
  expect(arrays['coveredInPart']).toMatchObject({ shape: [2 ** 25, 0], deletedRows: 0 })
})

describe('readWindow', () => {
  test.each(everyArray)('of %s, row set %s: rows without columns count as one element each', async (array, rowSet) => {
    const where = { store, array, rowSet, index: indexOf(array) }
    await expect(ask('readWindow', { ...where, rows: [0, 100_000_000], columns: [0, 0] })).rejects.toMatchObject({
      code: 'ARGUMENT',
      details: { limit: LIMITS.windowElements },
    })
    await expect(ask('readWindow', { ...where, rows: [7, 7], columns: [0, HUGE] })).rejects.toMatchObject({
      code: 'ARGUMENT',
    })
    const { bytes } = await ask('readWindow', { ...where, rows: [0, LIMITS.windowElements], columns: [0, 0] })
    expect(bytes.byteLength).toBeLessThanOrEqual(16 * LIMITS.windowElements)
  })

  test.each(everyArray)('of %s, row set %s: the last rows there can be', async (array, rowSet) => {
    const where = { store, array, rowSet, index: indexOf(array) }
    const { result } = await ask('readWindow', { ...where, rows: [HUGE - 10, HUGE], columns: [0, 10] })
    expect(result.rows[1] - result.rows[0]).toBeLessThanOrEqual(10)
  })
})

const bytesOfTask = async (params: unknown): Promise<number> => {
  const request = METHODS.startTask.params.parse(params) as ArrayTaskRequest
  const end = await tasks.start(service, request).end
  if (end.kind === 'taskDone') return end.result.bytes!.byteLength
  expect(end.error.code).toMatch(/ARGUMENT|INDEX/)
  return 0
}

test.each(everyArray)('plots of %s, row set %s, give at most what one answer may have', async (array, rowSet) => {
  const where = { store, array, generation: 0, rowSet }
  const [lines, index] = [Array.from({ length: 64 }, (_, i) => 16_000 * i), indexOf(array)]
  for (const along of ['rows', 'columns'] as const) {
    const params = { ...where, along, lines, index, range: [0, HUGE], bucket: 2 ** 40, part: 'real' }
    expect(await bytesOfTask({ kind: 'lines', params })).toBeLessThanOrEqual(LIMITS.plotLines * LIMITS.plotBuckets * 32)
  }
  const axes = CLAIMS[array]!.shape.map(size => ({ start: 0, count: size, step: 1 }))
  expect(await bytesOfTask({ kind: 'sample', params: { ...where, axes } })).toBeLessThanOrEqual(LIMITS.sampleBytes)
})

test.each(everyArray)('figures of %s, row set %s, come to an end', async (array, rowSet) => {
  if (array === 'columns') return
  const all = { rows: null, columns: null, index: null, bins: 64, scale: 'linear' } as const
  const params = { store, array, generation: 0, rowSet, ...all }
  expect(await tasks.result(service, { kind: 'statistics', params })).toMatchObject({ figures: { count: 0 } })
})

test.each(everyArray)('the map of deleted rows of %s and a row of row set %s are found', async (array, rowSet) => {
  const { result } = await ask('deletionMap', { store, array, buckets: 8192 })
  expect(result.shares).toHaveLength(8192)
  const row = { store, array, rowSet, row: HUGE, numbering: 'logical' } as const
  expect((await ask('locateRow', row)).result.physicalRow).toBeLessThan(HUGE)
})

const columnsOf = (array: string, columns: [number, number]): ArrayTaskParams<'columnStatistics'> => ({
  store,
  array,
  generation: 0,
  rowSet: 'active',
  index: [],
  columns,
})

const countColumns = async (array: string, columns: [number, number]): Promise<number> => {
  const { bytes } = await tasks.result(service, { kind: 'columnStatistics', params: columnsOf(array, columns) })
  return bytes!.byteLength / (8 * COLUMN_FIGURES.length)
}

describe('statistics of columns', () => {
  test('a page of columns is answered; more columns are not asked for', async () => {
    expect(await countColumns('columns', [0, 65_536])).toBe(65_536)
    expect(await countColumns('columns', [19_988_480, 19_988_480 + 65_536])).toBe(11_520)
    expect(await countColumns('columns', [HUGE - 1, HUGE])).toBe(0)
    const params = columnsOf('columns', [0, 65_537])
    expect(METHODS.startTask.params.safeParse({ kind: 'columnStatistics', params }).success).toBe(false)
  })

  test('an array of no rows and any number of columns has a page of them, too', async () => {
    expect(await countColumns('noRows', [HUGE - 5, HUGE])).toBe(5)
  })
})
