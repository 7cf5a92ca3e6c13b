import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeMetadata } from '../../format/metadata.ts'
import type { RowSet } from '../../array/row-set.ts'
import type { Block, BlockRequest } from './block.ts'

import { ScratchStore } from '../../test-support/scratch-store.ts'
import { openStore } from './store.ts'

const range = (start: number, stop: number): number[] =>
  Array.from({ length: Math.max(0, stop - start) }, (_, i) => start + i)
const numbers = ({ rowNumbers }: Block) => [...rowNumbers!.physical].map((row, i) => [row, rowNumbers!.logical[i]])

const int32 = ({ bytes }: Block): number[] => [...new Int32Array(bytes.slice().buffer)]

const whole: Omit<BlockRequest, 'rowSet'> = { rows: [0, 1e9], columns: [0, 1e9], index: [] }

describe('readBlock', () => {
  const shape = [6, 2, 3]
  const data = Int32Array.from(
    { length: 36 },
    (_, n) => 100 * Math.floor(n / 6) + 10 * (Math.floor(n / 3) % 2) + (n % 3),
  )
  const cube = { name: 'cube', dtype: 'int32' as const, shape, data, deleted: [0, 3] }
  /** The physical and the logical number of each row. */
  const allNumbers = [
    [0, NaN],
    [1, 0],
    [2, 1],
    [3, NaN],
    [4, 2],
    [5, 3],
  ]
  const activeNumbers = allNumbers.filter(([, logical]) => !Number.isNaN(logical))

  test('shows the rows of each row set, and says where they lie', () => {
    using store = new ScratchStore(cube)
    const reader = openStore(store.path).reader('cube')
    const read = (rowSet: RowSet) => reader.readBlock({ ...whole, rowSet, index: [1], columns: [1, 2] })
    const active = read(reader.activeRowSet)
    expect(int32(active)).toEqual([111, 211, 411, 511])
    expect([active.rows, active.columns, numbers(active)]).toEqual([[0, 4], [1, 2], activeNumbers])
    const all = read(reader.physicalRowSet)
    expect(int32(all)).toEqual([11, 111, 211, 311, 411, 511])
    expect(numbers(all)).toEqual(allNumbers)
    const deleted = read(reader.deletedRowSet)
    expect(int32(deleted)).toEqual([11, 311])
    expect(numbers(deleted)).toEqual([
      [0, NaN],
      [3, NaN],
    ])
  })

  test('numbers the rows from where the block begins', () => {
    using store = new ScratchStore(cube)
    const reader = openStore(store.path).reader('cube')
    const first = (rowSet: RowSet, start: number) =>
      numbers(reader.readBlock({ rowSet, rows: [start, start + 1], columns: [0, 1], index: [0] }))
    expect(range(0, 6).flatMap(row => first(reader.physicalRowSet, row))).toEqual(allNumbers)
    expect(range(0, 4).flatMap(row => first(reader.activeRowSet, row))).toEqual(activeNumbers)
  })

  test('clips what lies beyond, refuses wrong indices, fills memory that is given', () => {
    using store = new ScratchStore(cube)
    const reader = openStore(store.path).reader('cube')
    const beyond = reader.readBlock({ rowSet: reader.physicalRowSet, rows: [5, 9], columns: [2, 9], index: [0] })
    expect([beyond.rows, beyond.columns, int32(beyond)]).toEqual([[5, 6], [2, 3], [502]])
    expect(
      reader.readBlock({ rowSet: reader.physicalRowSet, rows: [7, 9], columns: [0, 9], index: [0] }).bytes,
    ).toHaveLength(0)
    const out = new Uint8Array(40)
    const block = reader.readBlock({ rowSet: reader.physicalRowSet, rows: [0, 1], columns: [0, 3], index: [1], out })
    expect(block.bytes.buffer).toBe(out.buffer)
    expect(int32(block)).toEqual([10, 11, 12])
    for (const index of [[], [2], [-1], [0, 0]]) {
      expect(() => reader.readBlock({ ...whole, rowSet: reader.physicalRowSet, index })).toThrow(
        expect.objectContaining({ code: 'INDEX' }),
      )
    }
    expect(() =>
      reader.readBlock({ ...whole, rowSet: reader.physicalRowSet, index: [0], out: new Uint8Array(8) }),
    ).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
  })

  test('gives 1-D arrays one column, and 0-D ones also one row', () => {
    using store = new ScratchStore(
      { name: 'line', dtype: 'int32', shape: [3], data: Int32Array.of(1, 2, 3) },
      { name: 'point', dtype: 'int32', shape: [], data: Int32Array.of(7) },
      { name: 'empty', dtype: 'int32', shape: [3, 0], data: new Int32Array(0) },
    )
    const opened = openStore(store.path)
    const read = (name: string) => {
      const reader = opened.reader(name)
      return reader.readBlock({ ...whole, rowSet: reader.activeRowSet })
    }
    expect(read('line')).toMatchObject({ rows: [0, 3], columns: [0, 1], rowNumbers: null })
    expect(int32(read('point'))).toEqual([7])
    expect(read('empty')).toMatchObject({ rows: [0, 3], columns: [0, 0] })
  })
})

test('positions, shares and places agree with a list of flags', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }),
      fc.integer({ min: 1, max: 300 }),
      (flags, buckets) => {
        const rows = flags.length
        const deleted = range(0, rows).filter(row => flags[row])
        const active = range(0, rows).filter(row => !flags[row])
        using store = new ScratchStore({
          name: 'x',
          dtype: 'uint8',
          shape: [rows, 3],
          data: new Uint8Array(rows * 3),
          deleted,
        })
        const reader = openStore(store.path).reader('x')
        for (const [rowSet, list] of [
          [reader.activeRowSet, active],
          [reader.deletedRowSet, deleted],
          [reader.physicalRowSet, range(0, rows)],
        ] as const) {
          expect(rowSet.count).toBe(list.length)
          expect(list.map((_, i) => rowSet.select(i))).toEqual(list)
          expect(range(0, rows).map(row => rowSet.rank(row))).toEqual(
            range(0, rows).map(row => list.filter(other => other < row).length),
          )
        }
        expect(range(0, rows).filter(row => reader.isDeleted(row))).toEqual(deleted)
        expect(reader.deletionShares(buckets)).toHaveLength(buckets)
        const few = Math.min(buckets, rows)
        const shares = range(0, few).map(b => {
          const bucket = range(Math.floor((b * rows) / few), Math.floor(((b + 1) * rows) / few))
          return bucket.filter(row => flags[row]).length / bucket.length
        })
        expect([...reader.deletionShares(few)]).toEqual(shares)
      },
    ),
    { numRuns: 60 },
  )
})

test('locate names the segment and the offset in it', () => {
  using store = new ScratchStore({
    name: 'x',
    dtype: 'int16',
    shape: [5, 2],
    data: Int16Array.from(range(0, 10)),
    segments: [2, 0, 3],
  })
  const reader = openStore(store.path).reader('x')
  expect(reader.locate(1, [], 1)).toEqual({ file: 'data_x_segments/seg_000000.npkd', offset: 6 })
  expect(reader.locate(2, [], 0)).toEqual({ file: 'data_x_segments/seg_000002.npkd', offset: 0 })
  expect(reader.locate(4, [], 1)).toEqual({ file: 'data_x_segments/seg_000002.npkd', offset: 10 })
  expect(() => reader.locate(5, [], 0)).toThrow(expect.objectContaining({ code: 'INDEX' }))
})

test('a sparse array of a thousand million rows is read where asked, to its last row', () => {
  using store = new ScratchStore()
  const rows = 1_000_000_000
  const columns = 16
  const file = openSync(store.file('data_x.npkd'), 'w')
  ftruncateSync(file, rows * columns * 8)
  writeSync(file, Float64Array.of(1.5), 0, 8, ((rows - 1) * columns + 15) * 8)
  writeSync(file, Float64Array.of(2.5), 0, 8, 123_456_789 * columns * 8)
  closeSync(file)
  writeFileSync(
    store.file('metadata.npkm'),
    encodeMetadata([
      { name: 'x', shape: [rows, columns], dataFile: 'data_x.npkd', lastModified: 0, sizeBytes: 0, dtype: 'float64' },
    ]),
  )
  const reader = openStore(store.path, { readOnly: true }).reader('x')
  const read = (row: number, column: number) =>
    new Float64Array(
      reader.readBlock({ rowSet: reader.activeRowSet, rows: [row, row + 1], columns: [column, column + 1], index: [] })
        .bytes.buffer,
    )[0]
  expect([read(rows - 1, 15), read(123_456_789, 0), read(500_000_000, 3)]).toEqual([1.5, 2.5, 0])
  expect(
    reader.select([
      [rows - 1, 123_456_789, 0],
      [15, 0, 0],
    ]),
  ).toMatchObject({ data: Float64Array.of(1.5, 2.5, 0) })
})
