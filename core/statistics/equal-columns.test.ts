import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type DType, DTYPES } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import { openStore } from '../storage/read/store.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'
import { columnStatisticsOf } from './column-statistics.ts'
import { equalColumns } from './equal-columns.ts'

/** Few values, so that columns often share all statistics and still differ in a row. */
const alphabet = fc.integer({ min: 0, max: 2 })

function storeOf(dtype: DType, rows: number, columns: number, values: readonly number[], deleted: number[]) {
  const data = new (typedArrayOf(dtype))(values.length)
  for (const [i, value] of values.entries()) data[i] = dtype.endsWith('int64') ? BigInt(value) : value
  return new ScratchStore({ name: 'a', dtype, shape: [rows, columns], data, deleted })
}

test('columns are equal when all their active rows have the same elements', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...DTYPES),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 7 }),
      fc.array(alphabet, { minLength: 84, maxLength: 84 }),
      fc.constantFrom<number[]>([], [0]),
      async (dtype, rows, columns, random, deleted) => {
        const parts = dtype.startsWith('complex') ? 2 : 1
        const most = dtype === 'bool' ? 1 : 2
        const values = random.slice(0, rows * columns * parts).map(value => Math.min(value, most))
        using store = storeOf(dtype, rows, columns, values, deleted)
        const reader = openStore(store.path).reader('a')
        const figures = await columnStatisticsOf(reader, { axis: 0 })
        const text = (column: number): string =>
          Array.from({ length: rows }, (_, row) =>
            deleted.includes(row)
              ? ''
              : values.slice((row * columns + column) * parts, (row * columns + column + 1) * parts),
          ).join(' ')
        const texts = Array.from({ length: columns }, (_, column) => text(column))
        const constant = (column: number): boolean =>
          new Set(text(column).trim().split(' ')).size <= 1 || rows === deleted.length
        expect([...(await equalColumns(reader, figures, {}))]).toEqual(
          texts.map((value, column) => (constant(column) ? column : texts.indexOf(value))),
        )
      },
    ),
    { numRuns: 200 },
  )
})

test('columns that differ in one row differ, even if one 32-bit hash of both elements is the same', async () => {
  // fmix32(5 * fmix32(low word) + high word), the hash of an element in row 0, is 0x0504baf8 for both.
  const colliding = [0x00000003_00000001n, 0xa1befc78_00000002n]
  const data = BigUint64Array.from([...colliding, 0n, 0n, 2n ** 64n - 1n, 2n ** 64n - 1n])
  using store = new ScratchStore({ name: 'a', dtype: 'uint64', shape: [3, 2], data })
  const reader = openStore(store.path).reader('a')
  expect([...(await equalColumns(reader, await columnStatisticsOf(reader, { axis: 0 }), {}))]).toEqual([0, 1])
})

test('threads find the same equal columns, also in rows longer than a block', async () => {
  const columns = 300_000
  const data = Float32Array.from(
    { length: 3 * columns },
    (_, i) => (Math.imul(i % columns, 2654435761) % 1000) + i / columns,
  )
  for (let row = 0; row < 3; row++) data[row * columns + columns - 1] = data[row * columns + 1] as number
  using store = new ScratchStore({ name: 'a', dtype: 'float32', shape: [3, columns], data })
  const reader = openStore(store.path).reader('a')
  const figures = await columnStatisticsOf(reader, { axis: 0 })
  const here = await equalColumns(reader, figures, {})
  expect(here[columns - 1]).toBe(1)
  expect(await equalColumns(reader, figures, { workers: 2 })).toEqual(here)
})
