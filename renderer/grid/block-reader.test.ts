import { describe, expect, test } from 'vitest'
import { itemsize } from '../../core/format/dtype.ts'
import { BlockCache, indexIn, rowNumbersIn } from './blocks.ts'
import type { ReadRequest } from './block-reader.ts'
import { BlockReader } from './block-reader.ts'
import type { GridSource, GridWindow, Span } from './grid-types.ts'

interface Call {
  rows: Span
  columns: Span
  signal: AbortSignal
  answer(change?: Partial<GridWindow>): Promise<void>
  fail(error: Error): Promise<void>
}

const silent = { onBlocks: () => undefined, onRead: () => undefined, onError: () => undefined }

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

function setUp({ rows = 10_000, columns = 100, generation = 1, cache = new BlockCache() } = {}) {
  const calls: Call[] = []
  const arrived: Span[] = []
  const errors: Error[] = []
  const source: GridSource = {
    key: 'store/array',
    layoutKey: 'array',
    generation,
    dtype: 'float32',
    rows,
    columns,
    rowSet: { numbering: 'logical', hasActive: true },
    physicalRows: rows,
    deletedRows: 0,
    read: (rows, columns, signal) =>
      new Promise<GridWindow>((resolve, reject) => {
        calls.push({
          rows,
          columns,
          signal,
          async answer(change) {
            const data = new Float32Array((rows[1] - rows[0]) * (columns[1] - columns[0]))
            let at = 0
            for (let r = rows[0]; r < rows[1]; r++)
              for (let c = columns[0]; c < columns[1]; c++) data[at++] = r * 1000 + c
            resolve({ rows, columns, data, rowNumbers: null, generation, ...change })
            await settled()
          },
          async fail(error) {
            reject(error)
            await settled()
          },
        })
      }),
    deletionMap: () => Promise.resolve([]),
    cellKind: () => 'number',
    shadedNumber: (data, index) => Number(data[index]),
    cellText: (data, index) => String(data[index]),
    copyText: (data, index) => String(data[index]),
  }
  const reader = new BlockReader(source, cache, {
    onBlocks: rows => arrived.push(rows),
    onRead: () => undefined,
    onError: error => errors.push(error),
  })
  const request = (start: number, stop: number, prefetch: ReadRequest['prefetch'] = null) =>
    reader.request({ needed: { rows: [start, stop], columns: [0, columns] }, prefetch })
  const valueAt = (row: number, column: number) => {
    const block = reader.block(row, column)
    return block === undefined ? undefined : block.data[indexIn(block, row, column)]
  }
  return { source, reader, calls, arrived, errors, cache, request, valueAt }
}

describe('reads', () => {
  test('one request reads exactly the missing blocks', async () => {
    const { calls, request, valueAt } = setUp()
    request(100, 130)
    expect(calls.map(call => [call.rows, call.columns])).toEqual([
      [
        [96, 136],
        [0, 100],
      ],
    ])
    await calls[0]!.answer()
    expect(valueAt(129, 99)).toBe(129_099)
    request(110, 150)
    expect(calls[1]!.rows).toEqual([136, 152])
    request(100, 136)
    expect(calls).toHaveLength(2)
  })

  test.each([
    { dtype: 'float32', columns: 14 },
    { dtype: 'float64', columns: 8 },
    { dtype: 'complex128', columns: 4 },
    { dtype: 'uint8', columns: 25 },
  ] as const)('a far jump in $dtype reads at most 25 kB', ({ dtype, columns }) => {
    const { cache, source } = setUp({ rows: 1e9 })
    for (const count of [25, 100, 1000, 100_000]) {
      for (let place = 0; place < 300; place++) {
        let bytes = 0
        const read: GridSource['read'] = (rows, columns) => {
          bytes += (rows[1] - rows[0]) * (columns[1] - columns[0]) * itemsize(dtype)
          return new Promise<GridWindow>(() => undefined)
        }
        const reader = new BlockReader({ ...source, dtype, columns: count, read }, cache, silent)
        const left = Math.min(place, count - columns)
        reader.request({
          needed: { rows: [1000 + place, 1049 + place], columns: [left, left + columns] },
          prefetch: null,
        })
        expect(bytes, `${count} columns, row ${1000 + place}`).toBeLessThanOrEqual(25_000)
      }
    }
  })

  test('a read ends at the last row and column of the array', async () => {
    const { calls, request, valueAt } = setUp({ rows: 101, columns: 3 })
    request(90, 101)
    expect([calls[0]!.rows, calls[0]!.columns]).toEqual([
      [0, 101],
      [0, 3],
    ])
    await calls[0]!.answer()
    expect(valueAt(100, 2)).toBe(100_002)
  })

  test('a moving grid prefetches once part of the threshold range is missing', async () => {
    const { calls, request } = setUp()
    const columns = [0, 100] as const
    request(96, 136)
    await calls[0]!.answer()
    request(96, 136, { threshold: { rows: [96, 136], columns }, range: { rows: [96, 200], columns } })
    expect(calls).toHaveLength(1)
    request(97, 136, { threshold: { rows: [97, 150], columns }, range: { rows: [97, 200], columns } })
    expect(calls[1]!.rows).toEqual([136, 200])
  })
})

describe('one request in flight', () => {
  test('the newest waiting request wins, and those between are never sent', async () => {
    const { calls, request, valueAt } = setUp()
    request(0, 40)
    request(8, 48)
    request(16, 64)
    expect(calls).toHaveLength(1)
    await calls[0]!.answer()
    expect(calls.map(call => call.rows)).toEqual([
      [0, 40],
      [40, 64],
    ])
    await calls[1]!.answer()
    expect(valueAt(63, 0)).toBe(63_000)
    expect(calls).toHaveLength(2)
  })

  test('a request for a place that was left is aborted, and the new place is read at once', () => {
    const { calls, request } = setUp()
    request(0, 40)
    request(5000, 5040)
    expect(calls[0]!.signal.aborted).toBe(true)
    expect(calls[1]!.rows).toEqual([5000, 5040])
    expect(calls[1]!.signal.aborted).toBe(false)
  })

  test('a late reply fills the cache at its own place', async () => {
    const { calls, request, valueAt } = setUp()
    request(0, 40)
    request(5000, 5040)
    await calls[1]!.answer()
    await calls[0]!.answer()
    expect(valueAt(5000, 7)).toBe(5_000_007)
    expect(valueAt(3, 7)).toBe(3007)
    request(0, 40)
    expect(calls).toHaveLength(2)
  })

  test('an aborted request is not reported as an error', async () => {
    const { calls, errors, reader, request } = setUp()
    request(0, 40)
    request(5000, 5040)
    await calls[0]!.fail(Object.assign(new Error('aborted'), { code: 'ABORTED' }))
    expect(errors).toEqual([])
    expect(reader.hasFailed(0, 0)).toBe(false)
  })

  test('a closed reader reads nothing and notifies nobody', async () => {
    const { calls, arrived, reader, request } = setUp()
    request(0, 40)
    reader.close()
    expect(calls[0]!.signal.aborted).toBe(true)
    await calls[0]!.answer()
    request(80, 90)
    expect(calls).toHaveLength(1)
    expect(arrived).toEqual([])
  })
})

describe('failed reads', () => {
  test('a failed read is reported once and retried when the grid needs other blocks', async () => {
    const { calls, errors, reader, request, valueAt } = setUp()
    request(0, 40)
    await calls[0]!.fail(new Error('disk gone'))
    expect(errors.map(error => error.message)).toEqual(['disk gone'])
    expect(reader.hasFailed(39, 99)).toBe(true)
    request(0, 40)
    expect(calls).toHaveLength(1)
    request(0, 48)
    expect(calls[1]!.rows).toEqual([0, 48])
    await calls[1]!.answer()
    expect(reader.hasFailed(39, 99)).toBe(false)
    expect(valueAt(39, 99)).toBe(39_099)
  })

  test('a reply of another generation is not shown and not requested again at once', async () => {
    const { calls, errors, request, valueAt } = setUp({ generation: 4 })
    request(0, 40)
    await calls[0]!.answer({ generation: 5 })
    expect(valueAt(0, 0)).toBeUndefined()
    expect(errors).toEqual([])
    request(0, 40)
    expect(calls).toHaveLength(1)
  })

  test('a reply shorter than requested does not start an endless chain of requests', async () => {
    const { calls, request, valueAt } = setUp()
    request(0, 40)
    await calls[0]!.answer({ rows: [0, 16], data: new Float32Array(1600) })
    expect(valueAt(15, 0)).toBe(0)
    expect(valueAt(16, 0)).toBeUndefined()
    expect(calls).toHaveLength(1)
  })
})

describe('the cache', () => {
  test('the block cache stays within its bytes and drops the least recently used block', async () => {
    const cache = new BlockCache(40_000)
    const { calls, request, valueAt } = setUp({ cache })
    for (let row = 0; row < 800; row += 8) {
      request(row, row + 8)
      await calls.at(-1)!.answer()
      expect(cache.bytes).toBeLessThanOrEqual(40_000)
      expect(valueAt(0, 0)).toBe(0)
    }
    expect(valueAt(792, 0)).toBe(792_000)
    expect(valueAt(8, 0)).toBeUndefined()
  })

  test('the block cache keeps generations apart', async () => {
    const cache = new BlockCache()
    const old = setUp({ cache, generation: 1 })
    old.request(0, 8)
    await old.calls[0]!.answer()
    const next = setUp({ cache, generation: 2 })
    expect(next.valueAt(0, 1)).toBeUndefined()
    next.request(0, 8)
    expect(next.calls).toHaveLength(1)
    cache.drop('store/array@1#')
    expect(old.valueAt(0, 1)).toBeUndefined()
  })
})

test('rows of a block have the numbers that were read for them', async () => {
  const { calls, reader, request } = setUp({ rows: 16, columns: 100 })
  request(0, 16)
  const physical = Float64Array.from({ length: 16 }, (_, i) => 500 + 3 * i)
  const logical = Float64Array.from({ length: 16 }, (_, i) => (i === 3 || i === 9 ? NaN : 400 + 2 * i))
  await calls[0]!.answer({ rowNumbers: { physical, logical } })
  const numbers = (row: number) => rowNumbersIn(reader.block(row, 0)!, row)
  expect(numbers(2)).toEqual({ logical: 404, physical: 506 })
  expect(numbers(3)).toEqual({ logical: null, physical: 509 })
  expect(numbers(8)).toEqual({ logical: 416, physical: 524 })
  expect(numbers(9)).toEqual({ logical: null, physical: 527 })
})

test('wide arrays are read by blocks of columns and cut at the right elements', async () => {
  const { calls, reader, valueAt } = setUp({ rows: 1000, columns: 1000 })
  reader.request({ needed: { rows: [8, 20], columns: [60, 80] }, prefetch: null })
  expect([calls[0]!.rows, calls[0]!.columns]).toEqual([
    [0, 32],
    [32, 96],
  ])
  await calls[0]!.answer()
  expect(valueAt(19, 63)).toBe(19_063)
  expect(valueAt(19, 64)).toBe(19_064)
  expect(valueAt(31, 95)).toBe(31_095)
  expect(valueAt(31, 96)).toBeUndefined()
})
