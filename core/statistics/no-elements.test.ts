import { expect, test } from 'vitest'
import { LIMITS } from '../format/limits.ts'
import { NumPack } from '../storage/numpack.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'
import { openStore } from '../storage/read/store.ts'
import { columnStatisticsOf } from './column-statistics.ts'
import { statisticsOf } from './statistics.ts'

/** Shapes that claim any number of rows or columns beside an axis of length 0 need almost no file. */

const HUGE = 2 ** 53 - 1

const none = new Uint8Array(0)

test.each([[[HUGE, 0]], [[HUGE, 3, 0]], [[2 ** 30, 2 ** 28, 0]], [[0, 2 ** 40]]])(
  'statistics of an array of shape %j are known at once, whatever is asked for',
  async shape => {
    for (const dtype of ['bool', 'float32', 'int64', 'complex128'] as const) {
      using store = new ScratchStore({ name: 'a', dtype, shape, data: none })
      const reader = openStore(store.path).reader('a')
      for (const rowSet of [reader.activeRowSet, reader.physicalRowSet, reader.deletedRowSet]) {
        for (const workers of [undefined, 2]) {
          const options = { rowSet, exact: true, ...(workers && { workers }) }
          const plain = await statisticsOf(reader, options)
          const histogram = await statisticsOf(reader, { ...options, histogram: { bins: 8, range: [0, 1] } })
          expect(plain).toMatchObject({ count: 0, finite: 0, min: null, max: null, partial: false })
          expect(histogram.histogram?.counts.reduce((sum, count) => sum + count, 0) ?? 0).toBe(0)
        }
      }
    }
  },
)

const ALONG: [shape: number[], axis: 0 | number[], figures: number[]][] = [
  [[HUGE, 0], 0, [0]],
  [[HUGE, 3, 0], 0, [3, 0]],
  [[HUGE, 0, 3], [0, 1], [3]],
  [[HUGE, 0, 3], 0, [0, 3]],
]

test.each(ALONG)(
  'statistics of the columns of an array of shape %j along %j are known at once',
  async (shape, axis, figures) => {
    using store = new ScratchStore({ name: 'a', dtype: 'float64', shape, data: none })
    for (const workers of [undefined, 2]) {
      const found = await columnStatisticsOf(openStore(store.path).reader('a'), { axis, ...(workers && { workers }) })
      expect(found.mean.shape).toEqual(figures)
      expect([...found.count.data]).toEqual(Array.from({ length: found.count.size }, () => 0))
    }
  },
)

test('statistics of an array without columns count no elements in any row set', async () => {
  using store = new ScratchStore({ name: 'a', dtype: 'int8', shape: [100, 0], data: none, deleted: [0, 99] })
  const reader = openStore(store.path).reader('a')
  for (const rowSet of [reader.activeRowSet, reader.physicalRowSet, reader.deletedRowSet]) {
    expect(await statisticsOf(reader, { rowSet })).toMatchObject({ count: 0 })
  }
})

test('statistics of too many columns are refused, and one page of them is not', async () => {
  const columns = LIMITS.columns + 1
  using store = new ScratchStore({ name: 'a', dtype: 'bool', shape: [1, columns], data: new Uint8Array(columns) })
  using opened = NumPack.open(store.path, { readOnly: true })
  const lazy = opened.load('a', { lazy: true })
  await expect(lazy.statistics({ axis: 0 })).rejects.toMatchObject({
    code: 'ARGUMENT',
    message: expect.stringContaining('at most 524288 are possible at once'),
  })
  const page = await lazy.statistics({ axis: 0, columns: [columns - 5, columns] })
  expect([...page.finite.data]).toEqual([1, 1, 1, 1, 1])
})

test('column statistics of an array without rows are refused when it has too many columns', async () => {
  using store = new ScratchStore({ name: 'a', dtype: 'uint8', shape: [0, 20_000_000], data: none })
  const reader = openStore(store.path).reader('a')
  await expect(columnStatisticsOf(reader, { axis: 0 })).rejects.toMatchObject({ code: 'ARGUMENT' })
})
