import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { itemsize } from '../../format/dtype.ts'
import { NumPackError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { align8, decodeBlock } from '../contract/block-codec.ts'
import type { ArrayInfo, Params, RowSetName } from '../contract/types.ts'
import { expected, STORES } from '../../test-support/fixture-stores.ts'
import { useService } from './test-support/service.ts'

const { ask, open, failure } = useService()

async function readWindow(params: Params<'readWindow'>) {
  const { result, bytes } = await ask('readWindow', params)
  const { elements, rowNumbers } = decodeBlock(result, bytes)
  const rowBytes = rowNumbers === null ? 0 : align8(elements.length) - elements.length + 16 * rowNumbers.logical.length
  expect(bytes.byteLength).toBe(elements.length + rowBytes)
  return {
    ...result,
    elements: Buffer.from(elements),
    physicalRows: rowNumbers && [...rowNumbers.physical],
    logicalRows: rowNumbers && [...rowNumbers.logical],
  }
}

async function readAll(
  store: number,
  { name, dtype, shape }: ArrayInfo,
  rowSet: RowSetName,
  rows: number,
  step: number,
) {
  const item = itemsize(dtype!)
  const middle = shape.slice(1, -1)
  const columns = shape.length > 1 ? shape.at(-1)! : 1
  const inner = middle.reduce((a, b) => a * b, 1)
  const out = Buffer.alloc(rows * inner * columns * item)
  for (let flat = 0; flat < inner; flat++) {
    const index = middle.map(
      (size, axis) => Math.floor(flat / middle.slice(axis + 1).reduce((a, b) => a * b, 1)) % size,
    )
    for (let start = 0; start < rows; start += step) {
      const window = await readWindow({
        store,
        array: name,
        rowSet,
        rows: [start, start + step],
        columns: [0, columns + 3],
        index,
      })
      expect(window.columns).toEqual([0, columns])
      const rowBytes = columns * item
      for (let row = window.rows[0]; row < window.rows[1]; row++)
        window.elements.copy(
          out,
          (row * inner + flat) * rowBytes,
          (row - start) * rowBytes,
          (row - start + 1) * rowBytes,
        )
    }
  }
  return out
}

const stores = Object.entries(expected.stores).filter(([name]) => existsSync(join(STORES, name)))

describe.each(stores)('%s', (name, arrays) => {
  test('is listed as NumPack has it', async () => {
    const store = await open(join(STORES, name))
    expect(store).toMatchObject({ path: join(STORES, name), name, problem: null })
    expect(store.arrays.map(array => array.name).sort()).toEqual(Object.keys(arrays).sort())
    for (const info of store.arrays) {
      const array = arrays[info.name]!
      expect(info).toMatchObject({ dtype: array.dtype, shape: array.shape, damaged: null })
      expect(info.physicalShape[0]).toBe(array.physicalRows)
      expect(info.deletedRows).toBe(array.physicalRows - array.shape[0]!)
    }
  })

  test('every element of every array reaches the window', async () => {
    const store = await open(join(STORES, name))
    for (const info of store.arrays) {
      const bytes = await readAll(store.id, info, 'active', info.shape[0] ?? 1, 77)
      expect(createHash('sha256').update(bytes).digest('hex'), info.name).toBe(arrays[info.name]!.sha256)
    }
  })
})

function nextIn(rows: number[], row: number): number | null {
  const at = rows.findIndex(other => other >= row)
  return rows.length === 0 ? null : at < 0 ? rows.length - 1 : at
}

describe.each(Object.entries(expected.stores['deleted.npk']!))('the row sets of %s in deleted.npk', (name, array) => {
  const deleted = new Set(array.deletedRows)
  const physical = Array.from({ length: array.physicalRows }, (_, row) => row)
  const shown: Record<RowSetName, number[]> = {
    active: physical.filter(row => !deleted.has(row)),
    all: physical,
    deleted: physical.filter(row => deleted.has(row)),
  }
  let store: number
  let raw: Buffer

  beforeAll(async () => {
    store = (await open(join(STORES, 'deleted.npk'))).id
    raw = readFileSync(join(STORES, 'deleted.npk', `data_${name}.npkd`))
  })

  test.each(['active', 'all', 'deleted'] as const)('%s shows its rows, numbered as on disk', async rowSet => {
    const rows = shown[rowSet]
    for (const [start, stop] of [
      [0, 1000],
      [5, 9],
      [rows.length - 3, rows.length],
      [rows.length, rows.length + 10],
    ] as [number, number][]) {
      const range: [number, number] = [Math.max(0, start), stop]
      const window = await readWindow({ store, array: name, rowSet, rows: range, columns: [1, 3], index: [] })
      const visible = rows.slice(...range)
      expect(window.rows).toEqual([Math.min(range[0], rows.length), Math.min(range[0], rows.length) + visible.length])
      expect(window.elements).toEqual(Buffer.concat(visible.map(row => raw.subarray(row * 12 + 4, row * 12 + 12))))
      const logical = visible.map(row => (deleted.has(row) ? NaN : shown.active.indexOf(row)))
      const isWhole = deleted.size === 0
      expect(window.physicalRows).toEqual(isWhole ? null : visible)
      expect(window.logicalRows).toEqual(isWhole ? null : logical)
    }
  })

  test('every row is found by its logical and by its physical number', async () => {
    for (const rowSet of ['active', 'all', 'deleted'] as const) {
      for (const row of [0, 1, 59, 60, 63, 64, 127, 128, 199, 200, 297, 298, 299]) {
        const found = await ask('locateRow', { store, array: name, rowSet, row, numbering: 'physical' })
        const logicalRow = deleted.has(row) ? found.result.logicalRow : shown.active.indexOf(row)
        expect(found.result).toEqual({
          position: nextIn(shown[rowSet], row),
          physicalRow: row,
          logicalRow,
          deleted: deleted.has(row),
        })
      }
      for (const [logical, row] of shown.active.entries()) {
        const found = await ask('locateRow', { store, array: name, rowSet, row: logical, numbering: 'logical' })
        expect(found.result).toEqual({
          position: nextIn(shown[rowSet], row),
          physicalRow: row,
          logicalRow: logical,
          deleted: false,
        })
      }
    }
  })

  test('a number beyond the end means the last row', async () => {
    for (const numbering of ['logical', 'physical'] as const) {
      const { result } = await ask('locateRow', { store, array: name, rowSet: 'active', row: 2 ** 40, numbering })
      expect(result.position).toBe(shown.active.length > 0 ? shown.active.length - 1 : null)
    }
  })

  test('the map beside the grid has the share of deleted rows of each run', async () => {
    for (const buckets of [1, 4, 100, 300]) {
      const { shares } = (await ask('deletionMap', { store, array: name, buckets })).result
      const run = 300 / buckets
      const runs = Array.from({ length: buckets }, (_, i) => physical.slice(i * run, (i + 1) * run))
      expect(shares).toEqual(runs.map(rows => rows.filter(row => deleted.has(row)).length / run))
    }
    for (const buckets of [7, 512]) {
      const { shares } = (await ask('deletionMap', { store, array: name, buckets })).result
      expect(shares).toHaveLength(buckets)
      expect(shares.every(share => share >= 0 && share <= 1)).toBe(true)
    }
  })

  test.each(['active', 'all', 'deleted'] as const)('a cell of %s says where it lies on disk', async rowSet => {
    for (const [position, row] of shown[rowSet].entries()) {
      const { result, bytes } = await ask('describeCell', {
        store,
        array: name,
        rowSet,
        row: position,
        column: 2,
        index: [],
      })
      expect(result).toEqual({
        dtype: 'int32',
        logicalRow: deleted.has(row) ? null : shown.active.indexOf(row),
        physicalRow: row,
        file: `data_${name}.npkd`,
        offset: row * 12 + 8,
      })
      expect(Buffer.from(bytes)).toEqual(raw.subarray(row * 12 + 8, row * 12 + 12))
    }
    const beyond = { store, array: name, rowSet, row: shown[rowSet].length, column: 0, index: [] }
    expect(await failure('describeCell', beyond)).toMatchObject({ code: 'INDEX' })
  })
})

test('the cells of a segmented array lie in its segments, those of an array with many axes where C order puts them', async () => {
  const segmented = await open(join(STORES, 'segmented.npk'))
  const files = new Set<string>()
  for (const row of [0, 500, 1001]) {
    const cell = { store: segmented.id, array: 'big', rowSet: 'active' as const, row, column: 7, index: [] }
    const { result, bytes } = await ask('describeCell', cell)
    const file = readFileSync(join(segmented.path, result.file))
    expect(Buffer.from(bytes)).toEqual(file.subarray(result.offset, result.offset + bytes.byteLength))
    files.add(result.file)
  }
  expect(files.size).toBeGreaterThan(1)

  const shapes = await open(join(STORES, 'shapes.npk'))
  const cell = { store: shapes.id, array: 'five_d', rowSet: 'active' as const, row: 2, column: 4, index: [1, 3, 0] }
  const { result } = await ask('describeCell', cell)
  expect(result.offset).toBe(((((2 * 2 + 1) * 4 + 3) * 2 + 0) * 5 + 4) * itemsize(result.dtype))
})

describe('a read that asks for what isn’t there', () => {
  const block = { rowSet: 'active', rows: [0, 1], columns: [0, 1], index: [] } as const
  const window = (params: object) => ({ ...block, ...params }) as unknown as Params<'readWindow'>

  test.each([
    ['an unknown array', { array: 'nothing' }, 'NOT_FOUND'],
    ['too few middle indices', { array: 'three_d' }, 'INDEX'],
    ['a middle index beyond its axis', { array: 'three_d', index: [6] }, 'INDEX'],
    ['too much at once', { array: 'wide', rows: [0, 2], columns: [0, LIMITS.windowElements / 2 + 1] }, 'ARGUMENT'],
    ['a store that isn’t open', { store: 12_345, array: 'wide' }, 'CLOSED'],
  ])('%s', async (_, params, code) => {
    const store = (await open(join(STORES, 'shapes.npk'))).id
    expect(await failure('readWindow', window({ store, ...params }))).toMatchObject({ code })
  })

  test('an array without elements has no rows to give', async () => {
    const store = (await open(join(STORES, 'shapes.npk'))).id
    for (const array of ['no_rows', 'no_columns', 'no_elements_1d']) {
      const { elements } = await readWindow(window({ store, array, rows: [0, 50], columns: [0, 50] }))
      expect(elements).toHaveLength(0)
    }
  })
})

const damagedStores = (scope: RegExp): [name: string, says: string, array: string][] =>
  Object.entries(expected.damaged)
    .filter(([name, store]) => name.endsWith('.npk') && scope.test(store.scope))
    .map(([name, store]) => [name, store.says, store.scope.replace('array ', '')])

const damagedPath = (name: string): string => join(STORES, 'damaged', name)

test.each(damagedStores(/^store$/))('damaged/%s does not open: %s', async (name, says) => {
  const error = await failure('openStore', { path: damagedPath(name) })
  expect(['DAMAGED', 'NEWER_VERSION', 'NOT_A_STORE']).toContain(error.code)
  expect(error.message).toContain(says.split(' ').slice(0, 3).join(' '))
  expect(error.message).toContain(name)
})

test.each(damagedStores(/^array/))('damaged/%s opens with one array marked: %s', async (name, _, damaged) => {
  const store = await open(damagedPath(name))
  const marked = store.arrays.filter(array => array.damaged !== null || array.warnings.length > 0)
  expect(marked.map(array => array.name)).toEqual([damaged])
  for (const array of store.arrays) {
    const columns: [number, number] = [0, array.damaged === null ? (array.shape.at(-1) ?? 1) : 1]
    const read = ask('readWindow', {
      store: store.id,
      array: array.name,
      rowSet: 'active',
      rows: [0, 1],
      columns,
      index: [],
    })
    const outcome = await read.then(
      () => 'read',
      (error: unknown) => (error instanceof NumPackError ? 'refused' : error),
    )
    expect(outcome, array.name).toBe(array.damaged === null ? 'read' : 'refused')
  }
})

test.each(damagedStores(/^nothing lost/))('damaged/%s opens whole, with a remark: %s', async name => {
  const store = await open(damagedPath(name))
  expect(store.arrays.map(array => array.damaged)).toEqual(store.arrays.map(() => null))
  expect([...store.warnings, ...store.arrays.flatMap(array => array.warnings)]).not.toEqual([])
})
