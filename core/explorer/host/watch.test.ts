import { removeFolder } from '../../test-support/remove-folder.ts'
import { cpSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { encodeBitmap } from '../../format/bitmap.ts'
import { encodeMetadata } from '../../format/metadata.ts'
import { noOracle, runPython } from '../../oracle/python.ts'
import type { ArrayInfo, StoreInfo } from '../contract/types.ts'
import type { ExplorerHost } from './host.ts'
import { codeOf, startTestHost, TestWindow } from './test-support/test-host.ts'

const STORES = join(import.meta.dirname, '../../fixtures/stores')

let folder: string
let path: string
let host: ExplorerHost
let window: TestWindow
let workers: Worker[]

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'watch-')))
  path = join(folder, 'watched.npk')
  workers = []
  host = startTestHost(join(folder, 'data'), { onWorker: worker => workers.push(worker) })
  window = new TestWindow(host)
})

afterEach(async () => {
  await host.close()
  removeFolder(folder)
})

const open = async (of = window): Promise<StoreInfo> => (await of.get('openStore', { path })).store

const told = (wanted: (store: StoreInfo) => boolean, of = window): Promise<StoreInfo> =>
  of.event(event => (event.type === 'storeChanged' && wanted(event.store) ? event.store : undefined))

function arrayOf(store: StoreInfo, name: string): ArrayInfo {
  const array = store.arrays.find(other => other.name === name)
  if (array === undefined) throw new Error(`${name} is not in ${store.arrays.map(other => other.name).join(', ')}`)
  return array
}

async function readRows(store: StoreInfo, name: string): Promise<number[]> {
  const [rows = 0, columns = 1] = arrayOf(store, name).shape
  const reply = await window.ask('readWindow', {
    store: store.id,
    array: name,
    rowSet: 'active',
    rows: [0, rows],
    columns: [0, columns],
    index: [],
  })
  if (!reply.ok || reply.bytes === undefined) throw new Error('no rows')
  const { dtype, generation } = reply.result as { dtype: string; generation: number }
  expect(generation).toBe(arrayOf(store, name).generation)
  const count = rows * columns
  return dtype === 'float64' ? [...new Float64Array(reply.bytes, 0, count)] : [...new Int32Array(reply.bytes, 0, count)]
}

const range = (start: number, stop: number): number[] => Array.from({ length: stop - start }, (_, i) => start + i)

const change = (step: string): string => runPython('../explorer/host/test-support/change-store.py', path, step)

test('what NumPack does to an open store is told, and the rows are the new ones', async context => {
  if (noOracle !== null) context.skip(noOracle)
  change('create')
  const created = await open()
  expect(await readRows(created, 'rows')).toEqual(range(0, 40))
  const still = arrayOf(created, 'still').generation

  change('append')
  const appended = await told(store => arrayOf(store, 'rows').shape[0] === 15)
  expect(await readRows(appended, 'rows')).toEqual(range(0, 60))
  expect(arrayOf(appended, 'rows').generation).toBeGreaterThan(arrayOf(created, 'rows').generation)

  change('drop')
  const dropped = await told(store => arrayOf(store, 'rows').deletedRows === 2)
  expect(arrayOf(dropped, 'rows')).toMatchObject({ shape: [13, 4], physicalShape: [15, 4] })
  expect(await readRows(dropped, 'rows')).toEqual([...range(4, 8), ...range(12, 60)])

  change('replace')
  const { generation } = arrayOf(dropped, 'rows')
  const replaced = await told(store => arrayOf(store, 'rows').generation > generation)
  expect(await readRows(replaced, 'rows')).toEqual([-1, -1, -1, -1, ...range(12, 60)])
  expect(arrayOf(replaced, 'still').generation).toBe(still)

  change('save')
  const saved = await told(store => store.arrays.length === 3)
  expect(arrayOf(saved, 'rows')).toMatchObject({ dtype: 'float64', shape: [2, 3], deletedRows: 0 })
  expect(await readRows(saved, 'rows')).toEqual(range(0, 6))
  expect(arrayOf(saved, 'still').generation).toBe(still)
})

describe('an open store', () => {
  beforeEach(() => cpSync(join(STORES, 'deleted.npk'), path, { recursive: true }))

  test('whose bitmap changes in place is told to every window that has it open, and to no other', async () => {
    const store = await open()
    const [other, stranger] = [new TestWindow(host), new TestWindow(host)]
    expect((await open(other)).id).toBe(store.id)
    await stranger.get('listRecents', {})
    writeFileSync(
      join(path, 'deleted_random.npkb'),
      encodeBitmap(300, row => row < 10),
    )
    const isNew = (info: StoreInfo): boolean => arrayOf(info, 'random').deletedRows === 10
    const [changed] = await Promise.all([told(isNew), told(isNew, other)])
    expect(arrayOf(changed, 'random').generation).toBeGreaterThan(arrayOf(store, 'random').generation)
    expect(arrayOf(changed, 'none').generation).toBe(arrayOf(store, 'none').generation)
    expect(stranger.events.filter(({ type }) => type === 'storeChanged')).toEqual([])
  })

  test('that vanishes has a problem; when it returns it works again', async () => {
    const store = await open()
    renameSync(path, `${path}.away`)
    const gone = await told(({ problem }) => problem !== null)
    expect(gone.problem).toContain(path)
    expect(gone.arrays.map(array => array.name)).toEqual(store.arrays.map(array => array.name))
    window.events.length = 0
    renameSync(`${path}.away`, path)
    const back = await told(({ problem }) => problem === null)
    expect(await readRows(back, 'none')).toHaveLength(900)
  })

  test('whose metadata breaks has a problem until it is right again', async () => {
    await open()
    const file = join(path, 'metadata.npkm')
    const right = readFileSync(file)
    writeFileSync(file, right.subarray(0, 30))
    const broken = await told(({ problem }) => problem !== null)
    expect(broken.problem).toContain('metadata')
    window.events.length = 0
    writeFileSync(file, right)
    await told(({ problem }) => problem === null)
  })

  test('an array whose data file vanishes is damaged; the others work on', async () => {
    const store = await open()
    rmSync(join(path, 'data_random.npkd'))
    const hurt = await told(info => arrayOf(info, 'random').damaged !== null)
    expect(arrayOf(hurt, 'random').damaged).toContain('missing')
    expect(await readRows(hurt, 'none')).toHaveLength(900)
    expect(hurt.id).toBe(store.id)
  })

  test('a read that meets a changed file is refused as such, and the change is told at once', async () => {
    const store = await open()
    await readRows(store, 'random')
    const file = join(path, 'data_random.npkd')
    const bytes = readFileSync(file)
    rmSync(file)
    writeFileSync(file, bytes)
    const cell = { store: store.id, array: 'random', rowSet: 'all' as const, row: 0, column: 0, index: [] }
    const reply = await window.ask('describeCell', cell)
    const told = window.events.filter(event => event.type === 'storeChanged').length
    expect([codeOf(reply), told]).toEqual(['CHANGED_ON_DISK', 1])
    expect(codeOf(await window.ask('describeCell', cell))).toBeUndefined()
  })

  test('that nobody changes is not told of', async () => {
    await open()
    writeFileSync(
      join(path, 'deleted_random.npkb'),
      encodeBitmap(300, row => row < 10),
    )
    await told(info => arrayOf(info, 'random').deletedRows === 10)
    expect(window.events.filter(({ type }) => type !== 'settingsChanged')).toHaveLength(1)
  })

  test('is closed when the last window that has it open closes it, or is closed itself', async () => {
    const other = new TestWindow(host)
    const { id } = await open()
    await open(other)
    await window.get('closeStore', { store: id })
    const cell = { store: id, array: 'none', rowSet: 'all' as const, row: 0, column: 0, index: [] }
    expect(codeOf(await other.ask('describeCell', cell))).toBeUndefined()
    other.connection.close()
    expect(codeOf(await window.ask('describeCell', cell))).toBe('CLOSED')
    expect((await open()).id).not.toBe(id)
  })

  test('is opened again after the engine stopped, under the same id and with generations of its own', async () => {
    const store = await open()
    await workers[0]?.terminate()
    const again = await told(({ id }) => id === store.id)
    expect(await readRows(again, 'random')).toHaveLength(600)
    expect(arrayOf(again, 'random').generation).toBeGreaterThan(arrayOf(store, 'random').generation)
    expect((await open()).id).toBe(store.id)
  })
})

test('in a store of more arrays than are looked at each time a change of any one is told', async () => {
  cpSync(join(STORES, 'empty.npk'), path, { recursive: true })
  const names = range(0, 1200).map(n => `array ${n}`)
  for (const name of names) writeFileSync(join(path, `data_${name}.npkd`), new Uint8Array(4))
  const records = names.map(name => ({
    name,
    shape: [4],
    dataFile: `data_${name}.npkd`,
    lastModified: 1,
    sizeBytes: 4,
    dtype: 'uint8' as const,
  }))
  writeFileSync(join(path, 'metadata.npkm'), encodeMetadata(records))
  const store = await open()
  expect(store.arrays).toHaveLength(1200)
  const name = 'array 1199'
  const { generation } = arrayOf(store, name)
  writeFileSync(join(path, `data_${name}.npkd`), new Uint8Array([1, 2, 3, 4]))
  const changed = await told(info => arrayOf(info, name).generation > generation)
  expect(changed.arrays.filter((array, i) => array.generation !== store.arrays[i]?.generation)).toHaveLength(1)
})
