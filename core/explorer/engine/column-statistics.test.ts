import { expect, test } from 'vitest'
import type { DType } from '../../format/dtype.ts'
import { typedArrayOf } from '../../format/elements.ts'
import { LIMITS } from '../../format/limits.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { openStore } from '../../storage/read/store.ts'
import { columnStatistics } from './column-statistics.ts'
import { COLUMN_FIGURES, exactColumnFigure } from '../contract/columns.ts'
import type { ArrayTaskParams } from '../contract/types.ts'

interface Content {
  dtype?: DType
  shape: number[]
  values: readonly (number | bigint)[]
  deleted?: number[]
}

/** Runs the task and returns its fields by name, one number per column. */
async function figuresOf(
  { dtype = 'float64', shape, values, deleted = [] }: Content,
  params: Partial<ArrayTaskParams<'columnStatistics'>> = {},
) {
  const data = new (typedArrayOf(dtype))(values.length)
  for (const [i, value] of values.entries()) data[i] = value
  using store = new ScratchStore({ name: 'a', dtype, shape, data, deleted })
  const columns: [number, number] = [0, LIMITS.columnsPage]
  const asked: ArrayTaskParams<'columnStatistics'> = {
    store: 1,
    array: 'a',
    generation: 0,
    rowSet: 'active',
    columns,
    index: [],
    ...params,
  }
  const { signal } = new AbortController()
  const control = { signal, onProgress: () => {}, nextTurn: async () => {}, now: () => 0 }
  const result = await columnStatistics.run(asked, openStore(store.path).reader('a'), control)
  const cache = columnStatistics.cache!
  expect(cache.fromJson(cache.toJson(result))).toEqual(result)
  const fields = new Float64Array(result.bytes!)
  return Object.fromEntries(COLUMN_FIGURES.map(name => [name, [...exactColumnFigure(fields, name, dtype)]]))
}

test('each column has its own statistics, and the number of the first column with the same elements', async () => {
  const values = [
    [1, 0, 1, NaN, -1, 4],
    [2, 0, 2, NaN, Infinity, 2],
    [4, 0, 4, NaN, 3, 1],
  ].flat()
  expect(await figuresOf({ shape: [3, 6], values })).toEqual({
    finite: [3, 3, 3, 0, 2, 3],
    nan: [0, 0, 0, 3, 0, 0],
    infinite: [0, 0, 0, 0, 1, 0],
    zeros: [0, 3, 0, 0, 0, 0],
    min: [1, 0, 1, NaN, -1, 1],
    max: [4, 0, 4, NaN, 3, 4],
    mean: [7 / 3, 0, 7 / 3, NaN, 1, 7 / 3],
    // numpy.std
    std: [1.247219128924647, 0, 1.247219128924647, NaN, 2, 1.247219128924647],
    constant: [0, 1, 0, 0, 0, 0],
    first: [0, 1, 0, 3, 4, 5],
  })
})

test('column statistics are those of the row set, of one slice of a 3-D array, and of a 1-D array as one column', async () => {
  const shape = [4, 2, 2]
  const values = Array.from({ length: 16 }, (_, i) => i)
  const deleted = await figuresOf({ dtype: 'int16', shape, values, deleted: [1, 2] }, { rowSet: 'deleted', index: [1] })
  expect(deleted).toMatchObject({ finite: [2, 2], min: [6, 7], max: [10, 11], mean: [8, 9] })
  const active = await figuresOf({ dtype: 'int16', shape, values, deleted: [1, 2] }, { index: [0] })
  expect(active).toMatchObject({ finite: [2, 2], min: [0, 1], max: [12, 13], mean: [6, 7] })
  expect(await figuresOf({ shape: [3], values: [3, 1, 2] })).toMatchObject({
    min: [1],
    max: [3],
    mean: [2],
    first: [0],
  })
})

test('column statistics of complex numbers are those of their magnitudes', async () => {
  const found = await figuresOf({ dtype: 'complex128', shape: [2, 1], values: [3, 4, 0, 0] })
  expect(found).toMatchObject({ finite: [2], zeros: [1], min: [0], max: [5], mean: [2.5], std: [2.5] })
})

test.each(['int64', 'uint64'] as const)('%s: extremes are exact, and only equal elements are constant', async dtype => {
  const values = [2n ** 60n, 2n ** 60n, 2n ** 63n - 1n, 2n ** 60n + 1n, 2n ** 60n, 0n]
  expect(await figuresOf({ dtype, shape: [2, 3], values })).toMatchObject({
    min: [2n ** 60n, 2n ** 60n, 0n],
    max: [2n ** 60n + 1n, 2n ** 60n, 2n ** 63n - 1n],
    constant: [0, 1, 0],
  })
})

test('a column of one infinity is constant; one of NaN, of both infinities, or of complex numbers of one magnitude is not', async () => {
  const values = [Infinity, -Infinity, NaN, 1, -Infinity, Infinity, NaN, NaN]
  expect(await figuresOf({ shape: [2, 4], values })).toMatchObject({ constant: [0, 0, 0, 0] })
  const equal = [Infinity, -Infinity, 0, Infinity, -Infinity, -0]
  expect(await figuresOf({ shape: [2, 3], values: equal })).toMatchObject({ constant: [1, 1, 1] })
  // 3+4j and 4+3j, 1+1j twice, 0 and -0.
  const complex = [3, 4, 1, 1, 0, 0, 4, 3, 1, 1, -0, -0]
  const found = await figuresOf({ dtype: 'complex128', shape: [2, 3], values: complex })
  expect(found).toMatchObject({ constant: [0, 1, 1] })
})
