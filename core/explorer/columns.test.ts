import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ScratchStore } from '../storage/scratch-store.ts'
import { openStore } from '../storage/store.ts'
import type { Params } from './contract/types.ts'
import { readColumns } from './read-columns.ts'

const FIELDS = 10

/** The sums of every column of `rows`, read so that every answer is out of time after its first read. */
function sumsOf(values: number[][], params: Partial<Params<'readColumns'>> = {}) {
  const columns = values[0]!.length
  const data = Float64Array.from(values.flat())
  using store = new ScratchStore({ name: 'a', dtype: 'float64', shape: [values.length, columns], data })
  const asked: Params<'readColumns'> = {
    store: 1,
    array: 'a',
    view: 'active',
    rows: [0, values.length],
    columns: [0, columns],
    index: [],
    part: 'real',
    ...params,
  }
  const { result, bytes } = readColumns(openStore(store.path).reader('a'), 3, asked)
  const fields = new Float64Array(bytes)
  return {
    ...result,
    columns: Array.from({ length: fields.length / FIELDS }, (_, i) => [
      ...fields.subarray(FIELDS * i, FIELDS * (i + 1)),
    ]),
  }
}

/** Whether two numbers are the same up to an error, or both NaN. */
const isClose = (a: number, b: number, error: number): boolean =>
  Number.isNaN(b) ? Number.isNaN(a) : Math.abs(a - b) <= error

test('sums are those of the values, however far from 0', () => {
  const value = fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.constantFrom(NaN, Infinity, -Infinity, 0))
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), fc.constantFrom(0, 1e6), (line, base) => {
      const values = line.map(value => value + base)
      const finite = values.filter(Number.isFinite)
      const some = finite.length > 0
      const mean = finite.reduce((a, b) => a + b, 0) / finite.length
      const squares = some ? finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) : NaN
      const [[n, nan, infinite, zeros, min, max, m, s]] = sumsOf(values.map(value => [value])).columns as [number[]]
      expect([n, nan, infinite, zeros]).toEqual([
        finite.length,
        values.filter(Number.isNaN).length,
        values.filter(value => Math.abs(value) === Infinity).length,
        values.filter(value => value === 0).length,
      ])
      expect([min, max]).toEqual(some ? [Math.min(...finite), Math.max(...finite)] : [NaN, NaN])
      expect([isClose(m!, mean, 1e-6), isClose(s!, squares, 1e-2)]).toEqual([true, true])
    }),
    { numRuns: 60 },
  )
})

const print = (columns: number[][], i: number) => columns[i]!.slice(8)

test('equal columns have equal fingerprints, others have not, and pieces add up', () => {
  const rows = [
    [1, 1, 2, 1],
    [2, 2, 1, 2],
    [NaN, NaN, NaN, 3],
  ]
  const whole = sumsOf(rows).columns
  expect(print(whole, 0)).toEqual(print(whole, 1))
  expect(print(whole, 0)).not.toEqual(print(whole, 2))
  expect(print(whole, 0)).not.toEqual(print(whole, 3))
  const first = sumsOf(rows, { rows: [0, 1] }).columns
  const rest = sumsOf(rows, { rows: [1, 3] }).columns
  expect(print(whole, 2)).toEqual(print(first, 2).map((part, i) => (part + print(rest, 2)[i]!) % 2 ** 32))
})

test('of a view, some columns, as far as time allows', () => {
  const data = Int32Array.from({ length: 300_000 }, (_, i) => i)
  using store = new ScratchStore({ name: 'a', dtype: 'int32', shape: [100_000, 3], data, deleted: [0, 1] })
  const reader = openStore(store.path).reader('a')
  const asked: Params<'readColumns'> = {
    store: 1,
    array: 'a',
    view: 'active',
    rows: [0, 99_998],
    columns: [1, 3],
    index: [],
    part: 'real',
  }
  let now = 0
  const { result, bytes } = readColumns(reader, 3, asked, () => (now += 1000))
  expect(result).toMatchObject({ columns: [1, 3], size: 99_998, generation: 3 })
  expect(result.rows[1]).toBeLessThan(99_998)
  const [finite, , , , min] = new Float64Array(bytes)
  expect([finite, min]).toEqual([result.rows[1], 7])
})
