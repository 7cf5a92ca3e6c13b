import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RowSet } from '../../array/row-set.ts'
import { AscendingRows, ListedRows } from '../../array/test-support/listed-rows.ts'
import { MemoryRecents } from '../../database/memory-recents.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { decodeBlock } from '../contract/block-codec.ts'
import { columnFigure } from '../contract/columns.ts'
import type { RowSetName, ArrayTaskRequest } from '../contract/types.ts'
import type { ArrayTaskResult, TaskMessage } from './messages.ts'
import { ROW_SETS } from './row-sets.ts'
import { KeptSettings } from './kept-settings.ts'
import { ExplorerService } from './service.ts'

const ROWS = 200
const COLUMNS = 5
const physical = Array.from({ length: ROWS }, (_, row) => row)
const deleted = physical.filter(row => row % 7 === 3 || (row > 60 && row < 70))
const active = physical.filter(row => !deleted.includes(row))

const elementAt = (row: number, column: number): number => ((row * 37) % ROWS) * COLUMNS + column - 300

const sets: [name: string, rows: readonly number[], make: (rows: readonly number[]) => RowSet][] = [
  ['every third row', physical.filter(row => row % 3 === 0), rows => new AscendingRows(rows)],
  ['one row', [68], rows => new AscendingRows(rows)],
  ['no rows', [], rows => new AscendingRows(rows)],
  ['rows in descending order', physical.filter(row => row % 2 === 0).reverse(), rows => new ListedRows(rows)],
  ['shuffled rows', physical.map(row => (row * 83) % ROWS), rows => new ListedRows(rows)],
]

let scratch: ScratchStore
let service: ExplorerService
let store: number
const ends = new Map<number, (message: TaskMessage) => void>()

beforeAll(async () => {
  const data = Int32Array.from({ length: ROWS * COLUMNS }, (_, i) => elementAt(Math.floor(i / COLUMNS), i % COLUMNS))
  scratch = new ScratchStore({ name: 'a', dtype: 'int32', shape: [ROWS, COLUMNS], data, deleted })
  service = new ExplorerService({
    recents: new MemoryRecents(),
    settings: new KeptSettings({ folder: null, onNotice: () => {} }),
    stores: [],
    firstGeneration: 0,
    lastStoreId: 0,
    cacheFolder: null,
    onEvent: () => {},
    onTask: message => message.kind !== 'taskProgress' && ends.get(message.task)?.(message),
  })
  const { result } = await service.handle('openStore', { path: scratch.path })
  store = result.store.id
})

afterAll(() => {
  service.close()
  scratch[Symbol.dispose]()
})

test.each(['active', 'all', 'deleted'] as const)(
  'the value of an array without axes is in row set %s',
  async rowSet => {
    using store = new ScratchStore({ name: 'value', dtype: 'float64', shape: [], data: Float64Array.of(2.5) })
    const { result } = await service.handle('openStore', { path: store.path })
    const cell = { store: result.store.id, array: 'value', rowSet, row: 0, column: 0, index: [] }
    const { bytes } = await service.handle('describeCell', cell)
    expect(new Float64Array(bytes)).toEqual(Float64Array.of(2.5))
    await service.handle('closeStore', { store: result.store.id })
  },
)

let lastTask = 0

async function resultOf(request: ArrayTaskRequest): Promise<ArrayTaskResult> {
  const end = Promise.withResolvers<TaskMessage>()
  ends.set(++lastTask, end.resolve)
  service.startTask(lastTask, request)
  const message = await end.promise
  if (message.kind !== 'taskDone') throw new Error(JSON.stringify(message))
  return message.result
}

describe.each(sets)('%s', (name, rows, make) => {
  const rowSet = name as RowSetName
  const count = rows.length

  beforeAll(() => {
    Object.assign(ROW_SETS, { [name]: () => make(rows) })
  })
  afterAll(() => {
    Reflect.deleteProperty(ROW_SETS, name)
  })

  test('a window has the elements and the numbers of its rows', async () => {
    for (const [start, stop] of [
      [0, 9],
      [40, 47],
      [0, ROWS],
    ] as const) {
      const params = { store, array: 'a', rowSet, rows: [start, stop], columns: [1, 4], index: [] }
      const { result, bytes } = await service.handle('readWindow', params as never)
      const { elements, rowNumbers } = decodeBlock(result, bytes)
      const read = rows.slice(start, stop)
      expect(result.rows).toEqual([Math.min(start, count), Math.min(start, count) + read.length])
      expect([...new Int32Array(elements.slice().buffer)]).toEqual(
        read.flatMap(row => [1, 2, 3].map(column => elementAt(row, column))),
      )
      expect([...rowNumbers!.physical]).toEqual(read)
      expect([...rowNumbers!.logical]).toEqual(read.map(row => (deleted.includes(row) ? NaN : active.indexOf(row))))
    }
  })

  test('a line has the value at each position, and a sample has those at some', async () => {
    const line = { lines: [3], index: [], range: [0, ROWS] as [number, number], bucket: 1, part: 'real' as const }
    const where = { store, array: 'a', generation: 0, rowSet }
    const drawn = await resultOf({ kind: 'lines', params: { ...where, along: 'rows', ...line } })
    const fields = new Float64Array(drawn.bytes!)
    expect(drawn.reading!.done).toBe(count)
    expect(rows.map((_, position) => fields[4 * position])).toEqual(rows.map(row => elementAt(row, 3)))

    const axes = [
      { start: 0, count: Math.ceil(count / 4), step: 4 },
      { start: 2, count: 1, step: 1 },
    ]
    const steps = await resultOf({ kind: 'sample', params: { ...where, axes } })
    const stepped = rows.filter((_, position) => position % 4 === 0)
    expect([...new Int32Array(steps.bytes!)]).toEqual(stepped.map(row => elementAt(row, 2)))
  })

  test('a cell is described and its row is found', async () => {
    for (const position of rows.keys()) {
      const where = { store, array: 'a', rowSet }
      const cell = await service.handle('describeCell', { ...where, row: position, column: 4, index: [] })
      const row = rows[position]!
      expect(cell.result.physicalRow).toBe(row)
      expect(cell.result.logicalRow).toBe(deleted.includes(row) ? null : active.indexOf(row))
      expect(new Int32Array(cell.bytes)[0]).toBe(elementAt(row, 4))
      const { result } = await service.handle('locateRow', { ...where, row, numbering: 'physical' })
      expect(result.position).toBe(position)
    }
    const beyond = { store, array: 'a', rowSet, row: count, column: 0, index: [] }
    await expect(service.handle('describeCell', beyond)).rejects.toMatchObject({ code: 'INDEX' })
  })

  test('statistics of all its rows and of a range are those of their elements', async () => {
    const whole = { store, array: 'a', generation: 0, rowSet, bins: 4, scale: 'linear' as const }
    for (const range of [null, [11, 31] as [number, number]]) {
      const read = range ? rows.slice(...range) : rows
      const part = { rows: range, columns: [1, 3] as [number, number], index: [] }
      const { figures } = await resultOf({ kind: 'statistics', params: { ...whole, ...part } })
      const values = read.flatMap(row => [elementAt(row, 1), elementAt(row, 2)])
      const greatest = Math.max(...values)
      const at = values.indexOf(greatest)
      expect(figures).toMatchObject({
        count: values.length,
        max: values.length === 0 ? null : String(greatest),
        maxAt: values.length === 0 ? null : [(range?.[0] ?? 0) + Math.floor(at / 2), 1 + (at % 2)],
        sum: String(values.reduce((sum, value) => sum + value, 0)),
        partial: false,
      })
    }
    const columns = { store, array: 'a', generation: 0, rowSet, columns: [0, COLUMNS] as [number, number], index: [] }
    const { bytes } = await resultOf({ kind: 'columnStatistics', params: columns })
    const fields = new Float64Array(bytes!)
    const least = Array.from({ length: COLUMNS }, (_, column) => rows.map(row => elementAt(row, column)))
    expect([...columnFigure(fields, 'finite')]).toEqual(least.map(() => count))
    expect([...columnFigure(fields, 'min')]).toEqual(least.map(values => (count === 0 ? NaN : Math.min(...values))))
  })
})
