import { removeFolder } from '../../test-support/remove-folder.ts'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NDArray } from '../../array/ndarray.ts'
import { NumPack } from '../numpack.ts'
import { openFiles } from '../../test-support/open-files.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { type AxisSelection, slice } from '../../array/selection.ts'
import type { WritableArray } from './writable.ts'

let root = ''
let path = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'numpack-writable-'))
  path = join(root, 'store.npk')
})
afterEach(() => removeFolder(root))

const code = (expected: string) => expect.objectContaining({ code: expected })

const sample = (rows: number, columns: number): NDArray =>
  NDArray.from(
    Float64Array.from({ length: rows * columns }, (_, i) => Math.floor(i / columns) + (i % columns) / 8),
    { shape: [rows, columns] },
  )

const DROPS: readonly [string, (row: number) => boolean][] = [
  ['no row deleted', () => false],
  ['every third row deleted', row => row % 3 === 0],
  ['long runs deleted', row => Math.floor(row / 700) % 2 === 1],
  ['all but one row deleted', row => row !== 5],
]

type Edit = (array: WritableArray) => unknown
type SameInMemory = (array: NDArray) => void

const mapped = (array: NDArray, change: (value: number, row: number, column: number) => number): void => {
  const columns = array.shape[1] as number
  for (let i = 0; i < array.size; i++) {
    array.data[i] = change(array.data[i] as number, Math.floor(i / columns), i % columns) as never
  }
}

const row = [1, 2, 3, 4, 5]
const EDITS: readonly [string, Edit, SameInMemory][] = [
  ['iadd of a scalar', a => a.iadd(2.5), a => mapped(a, x => x + 2.5)],
  ['a chain', a => a.imul(2).isub(1).idiv(4).abs().sqrt(), a => mapped(a, x => Math.sqrt(Math.abs((x * 2 - 1) / 4)))],
  ['imul by a row', a => a.imul(row), a => mapped(a, (x, _, column) => x * (column + 1))],
  ['iadd of a row with its axis', a => a.iadd([row]), a => mapped(a, (x, _, column) => x + column + 1)],
  ['isub of the same shape', a => a.isub(a.get()), a => mapped(a, () => 0)],
  [
    'iadd of a column',
    a =>
      a.iadd(
        NDArray.from(
          Float64Array.from({ length: a.length }, (_, i) => i),
          { shape: [a.length, 1] },
        ),
      ),
    a => mapped(a, (x, i) => x + i),
  ],
  ['ipow', a => a.ipow(2), a => mapped(a, x => x * x)],
  ['apply', a => a.apply(x => (x as number) + 1), a => mapped(a, x => x + 1)],
  ['applyBlocks, changed in place', a => a.applyBlocks(block => mapped(block, x => -x)), a => mapped(a, x => -x)],
  [
    'applyBlocks, returned',
    a =>
      a.applyBlocks((block, first) =>
        NDArray.from(Array.from({ length: block.length }, (_, i) => row.map(() => first + i))),
      ),
    a => mapped(a, (_, i) => i),
  ],
  ['set of a column', a => a.set([null, 2], 7), a => a.set([null, 2], 7)],
  ['set of rows backwards', a => a.set(slice(null, null, -2), [row]), a => a.set(slice(null, null, -2), [row])],
  ['set of an element', a => a.set([-1, 0], 7), a => a.set([-1, 0], 7)],
  ['set of listed rows', a => a.set([[0, -1, 0]], [[1], [2], [3]]), a => a.set([[0, -1, 0]], [[1], [2], [3]])],
  [
    'set of paired lists',
    a =>
      a.set(
        [
          [0, -1],
          [1, 2],
        ],
        [8, 9],
      ),
    a =>
      a.set(
        [
          [0, -1],
          [1, 2],
        ],
        [8, 9],
      ),
  ],
  ['setWhere by a function', a => a.setWhere(x => (x as number) > 50, 0), a => mapped(a, x => (x > 50 ? 0 : x))],
  [
    'setWhere by a mask of rows',
    a =>
      a.setWhere(
        Array.from({ length: a.length }, (_, i) => i % 2 === 0),
        row,
      ),
    a => mapped(a, (x, i, column) => (i % 2 === 0 ? column + 1 : x)),
  ],
  [
    'setWhere by a mask of elements',
    a => a.setWhere(NDArray.from(Array.from({ length: a.length }, () => [true, false, false, false, true])), -1),
    a => mapped(a, (x, _, column) => (column % 4 === 0 ? -1 : x)),
  ],
]

describe.each(DROPS)('%s', (_name, isDropped) => {
  test.each(EDITS)('%s', (_edit, edit, inMemory) => {
    const rows = 9000
    using npk = NumPack.open(path)
    npk.save({ a: sample(rows, 5) })
    const dropped = Array.from({ length: rows }, (_, i) => i).filter(isDropped)
    npk.drop('a', dropped)
    const expected = npk.load('a')
    npk.writableBatchMode(wb => {
      edit(wb.load('a'))
      inMemory(expected)
      expect((wb.load('a').get() as NDArray).equals(expected)).toBe(true)
    })
    using again = NumPack.open(path, { readOnly: true })
    expect(again.load('a').equals(expected)).toBe(true)
    npk.restore('a')
    const deleted = npk.load('a').get(dropped)
    expect(deleted.equals(sample(rows, 5).get(dropped))).toBe(true)
  })
})

test('views of rows are edited as arrays of their own', () => {
  using npk = NumPack.open(path)
  npk.save({ a: sample(10, 2) })
  npk.drop('a', 0)
  using wb = npk.beginWritableBatch()
  const view = wb.load('a').rows(2, -1).rows(1)
  expect([view.shape, view.get(0, 0), view.get(-1, 0)]).toEqual([[5, 2], 4, 8])
  view.imul(10).set([0, 1], -1)
  expect(view.get(slice(null, null, -2), 0).toList()).toEqual([80, 60, 40])
  expect(wb.load('a').get(null, 0).toList()).toEqual([1, 2, 3, 40, 50, 60, 70, 80, 9])
  expect(wb.load('a').get(3, 1)).toBe(-1)
})

test('a selection of many megabytes of a view of rows is assigned to where the view lies', () => {
  using npk = NumPack.open(path)
  npk.save({ a: sample(400_000, 2) })
  npk.drop('a', 0)
  const expected = npk.load('a')
  const values = NDArray.from(
    Float64Array.from({ length: 399_700 }, (_, i) => -i),
    { shape: [399_700, 1] },
  )
  expected.set(slice(100, 399_800), values)
  npk.writableBatchMode(wb => wb.load('a').rows(100, 399_800).set(null, values))
  expect(npk.load('a').equals(expected)).toBe(true)
})

describe('a selection of several chunks takes the values that it takes in memory', () => {
  const ROWS = 800
  const SHAPE = [ROWS, 3, 2, 400]
  test.each<[string, AxisSelection[], number[]]>([
    ['a list apart from an integer', [slice(), 0, '...', [5, 1]], [2, ROWS, 2]],
    [
      'as many entries in the list as rows',
      [slice(), 0, '...', Array.from({ length: ROWS }, (_, i) => i % 400)],
      [ROWS, ROWS, 2],
    ],
    ['two lists apart', [slice(), [0, 2], null, [5, 1]], [2, ROWS, 2]],
    ['two lists together', [slice(), [0, 2], [0, 1]], [ROWS, 2, 400]],
    ['one list', [slice(), null, null, [7]], [ROWS, 3, 2, 1]],
    ['a list of rows, backwards', [Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i), 1], [ROWS, 2, 400]],
    ['every second row', [slice(1, null, 2), null, 1], [ROWS / 2, 3, 400]],
  ])('%s', (_, selection, shape) => {
    using npk = NumPack.open(path)
    npk.save({ a: NDArray.zeros(SHAPE, 'float32') })
    const size = shape.reduce((product, length) => product * length, 1)
    const whole = NDArray.from(
      Float64Array.from({ length: size }, (_, i) => i),
      { shape },
    )
    const broadcast = whole.get(...shape.map((_, axis) => (axis === 0 ? slice(0, 1) : null))) as NDArray
    for (const values of [whole, broadcast]) {
      const expected = npk.load('a')
      expected.set(selection, values)
      npk.writableBatchMode(wb => wb.load('a').set(selection, values))
      expect(npk.load('a').equals(expected)).toBe(true)
    }
  })
})

test('segments are edited as one array', () => {
  const data = Int32Array.from({ length: 10 }, (_, i) => i)
  using store = new ScratchStore({ name: 'a', dtype: 'int32', shape: [10], data, segments: [3, 4, 3], deleted: [3] })
  using npk = NumPack.open(store.path)
  npk.writableBatchMode(wb => wb.load('a').imul(2).set(slice(1, 4), [7, 8, 9]))
  expect(npk.load('a').toList()).toEqual([0, 7, 8, 9, 10, 12, 14, 16, 18])
})

test('integers wrap, and refuse what NumPy refuses before anything is changed', () => {
  using npk = NumPack.open(path)
  npk.save({ a: Int8Array.of(100, 1) })
  npk.writableBatchMode(wb => {
    const a = wb.load('a')
    a.iadd(100)
    expect(() => a.idiv(2)).toThrow(code('CASTING'))
    expect(() => a.sqrt()).toThrow(code('CASTING'))
    expect(() => a.iadd(0.5)).toThrow(code('CASTING'))
    expect(() => a.iadd(200)).toThrow(code('ARGUMENT'))
    expect(() => a.ipow(-1)).toThrow(code('ARGUMENT'))
    expect(() => a.iadd([1n, 2n, 3n])).toThrow(code('SHAPE'))
    expect(() => a.set(0, 1000)).toThrow(code('CASTING'))
    expect(() => a.set(5, 1)).toThrow(code('INDEX'))
  })
  expect(npk.load('a').toList()).toEqual([-56, 101])
})

test('an array that another writer replaced is not written to', () => {
  using npk = NumPack.open(path)
  npk.save({ a: [1, 2] })
  using wb = npk.beginWritableBatch()
  const a = wb.load('a')
  using other = NumPack.open(path)
  other.save({ a: [3, 4] })
  expect(() => a.imul(10)).toThrow(code('CHANGED_ON_DISK'))
  expect(npk.load('a').toList()).toEqual([3, 4])
})

test('after the batch its arrays are closed, and no file of the store is open', () => {
  using npk = NumPack.open(path)
  npk.save({ a: [1, 2] })
  let kept: WritableArray | null = null
  expect(() =>
    npk.writableBatchMode(wb => {
      kept = wb.load('a').imul(2)
      throw new Error('my own')
    }),
  ).toThrow('my own')
  expect(() => (kept as unknown as WritableArray).imul(2)).toThrow(code('CLOSED'))
  npk.close()
  expect(openFiles(path)).toEqual([])
})
