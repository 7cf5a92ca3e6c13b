import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../format/limits.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { openStore } from '../../storage/read/store.ts'
import type { Params, RowSetName } from '../contract/types.ts'
import { Extremes } from '../engine/extremes.ts'
import { readSeries, runsOf } from '../engine/read-series.ts'
import { answerSteps } from '../engine/read-steps.ts'

/** A clock on which every answer is out of time after its first read. */
function impatient(): () => number {
  let now = 0
  return () => (now += 1000)
}

describe('extremes', () => {
  test('no peak is lost, whatever the pieces the line comes in', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, 0, -0))
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 64 }),
        (line, width, start, piece) => {
          const found = new Extremes(width, start, start + line.length)
          const values = Float64Array.from(line)
          for (let done = 0; done < line.length; done += piece)
            found.add(values, done, 1, Math.min(piece, line.length - done), start + done)
          for (let i = 0; i < line.length; i++) {
            if (!Number.isFinite(line[i])) continue
            const at = 4 * (Math.floor((start + i) / width) - found.firstBucket)
            const [low, high, lowAt, highAt] = found.fields.subarray(at, at + 4)
            expect(low! <= line[i]! && line[i]! <= high!).toBe(true)
            expect([line[lowAt! - start], line[highAt! - start]]).toEqual([low, high])
          }
        },
      ),
    )
  })

  test('runs join near lines only', () => {
    expect(runsOf([9, 0, 2, 100], 4)).toEqual([
      { start: 0, stop: 3 },
      { start: 9, stop: 10 },
      { start: 100, stop: 101 },
    ])
  })
})

/** Element [i, j, k] is 100 i + 10 j + k; rows 0 and 3 are deleted. */
const CUBE = {
  name: 'cube',
  dtype: 'int32' as const,
  shape: [6, 2, 3],
  data: Int32Array.from({ length: 36 }, (_, n) => 100 * Math.floor(n / 6) + 10 * (Math.floor(n / 3) % 2) + (n % 3)),
  deleted: [0, 3],
}

const SERIES = { store: 1, array: 'cube', along: 'rows', index: [1], range: [0, 100], bucket: 1, part: 'real' } as const
const series = (change: Partial<Params<'readSeries'>>): Params<'readSeries'> => ({
  ...SERIES,
  index: [...SERIES.index],
  range: [0, 100],
  rowSet: 'active',
  lines: [0],
  ...change,
})

const readCube = (params: Params<'readSeries'>, now?: () => number) => {
  using store = new ScratchStore(CUBE)
  const { result, bytes } = readSeries(openStore(store.path).reader('cube'), 7, params, now)
  return { ...result, fields: [...new Float64Array(bytes)] }
}

describe('readSeries', () => {
  const rows = { active: [1, 2, 4, 5], all: [0, 1, 2, 3, 4, 5], deleted: [0, 3] }

  test.each(['active', 'all', 'deleted'] as RowSetName[])('columns as lines, over the rows of row set %s', rowSet => {
    const { range, size, fields } = readCube(series({ rowSet, lines: [2, 0] }))
    expect([range, size]).toEqual([[0, rows[rowSet].length], rows[rowSet].length])
    const expected = [2, 0].flatMap(column =>
      rows[rowSet].flatMap((row, at) => [100 * row + 10 + column, 100 * row + 10 + column, at, at]),
    )
    expect(fields).toEqual(expected)
  })

  test('rows as lines', () => {
    const { size, fields } = readCube(series({ along: 'columns', lines: [3, 1], bucket: 2 }))
    expect(size).toBe(3)
    expect(fields).toEqual([510, 511, 0, 1, 512, 512, 2, 2, 210, 211, 0, 1, 212, 212, 2, 2])
  })

  test('a part of a line keeps to the same buckets', () => {
    const { range, firstBucket, buckets, fields } = readCube(series({ rowSet: 'all', range: [3, 6], bucket: 2 }))
    expect([range, firstBucket, buckets]).toEqual([[3, 6], 1, 2])
    expect(fields).toEqual([310, 310, 3, 3, 410, 510, 4, 5])
  })

  test('out of time it answers with what it has, and goes on from there', () => {
    const data = Float32Array.from({ length: 200_000 }, (_, i) => (i === 150_001 ? 9 : i % 7))
    using store = new ScratchStore({ name: 'line', dtype: 'float32', shape: [data.length], data })
    const reader = openStore(store.path).reader('line')
    let at = 0
    let answers = 0
    let highest = [-Infinity, -1]
    while (at < data.length) {
      const params = series({ index: [], range: [at, data.length], bucket: 1000 })
      const { result, bytes } = readSeries(reader, 0, params, impatient())
      expect([result.range[0], bytes.byteLength]).toEqual([at, result.buckets * 32])
      const fields = new Float64Array(bytes)
      for (let i = 0; i < fields.length; i += 4)
        if (fields[i + 1]! > highest[0]!) highest = [fields[i + 1]!, fields[i + 3]!]
      at = result.range[1]
      answers++
    }
    expect(answers).toBeGreaterThan(1)
    expect(highest).toEqual([9, 150_001])
  })

  test('lines beyond the array are refused', () => {
    expect(() => readCube(series({ lines: [3] }))).toThrow(expect.objectContaining({ code: 'INDEX' }))
    expect(() => readCube(series({ index: [2] }))).toThrow(expect.objectContaining({ code: 'INDEX' }))
  })

  test('complex numbers are drawn by their part', () => {
    const data = Float64Array.of(3, 4, 0, -2)
    using store = new ScratchStore({ name: 'z', dtype: 'complex128', shape: [2], data })
    const reader = openStore(store.path).reader('z')
    const parts = (['real', 'imaginary', 'magnitude', 'phase'] as const).map(part => {
      const fields = new Float64Array(readSeries(reader, 0, series({ index: [], part })).bytes)
      return [fields[0], fields[4]]
    })
    expect(parts).toEqual([
      [3, 0],
      [4, -2],
      [5, 2],
      [Math.atan2(4, 3), Math.atan2(-2, 0)],
    ])
  })
})

const steps = (start: number, count: number, step = 1) => ({ start, count, step })
const stepCube = (rowSet: RowSetName, axes: Params<'readSteps'>['axes'], along = 0) => {
  using store = new ScratchStore(CUBE)
  const { result, bytes } = answerSteps(openStore(store.path).reader('cube'), 7, {
    store: 1,
    array: 'cube',
    rowSet,
    axes,
    along,
  })
  return { ...result, elements: [...new Int32Array(bytes)] }
}

describe('readSteps', () => {
  test('every second row and column of each row set', () => {
    expect(stepCube('active', [steps(0, 2, 2), steps(1, 1), steps(0, 2, 2)]).elements).toEqual([110, 112, 410, 412])
    expect(stepCube('all', [steps(1, 2, 3), steps(0, 2), steps(2, 1)]).elements).toEqual([102, 112, 402, 412])
    expect(stepCube('deleted', [steps(1, 1), steps(0, 2), steps(0, 3)], 1).elements).toEqual([
      300, 301, 302, 310, 311, 312,
    ])
  })

  test('places beyond an axis are refused, and so are the wrong number of axes', () => {
    for (const axes of [
      [steps(0, 5), steps(0, 1), steps(0, 1)],
      [steps(0, 1), steps(0, 2, 2), steps(0, 1)],
      [steps(0, 1)],
    ])
      expect(() => stepCube('active', axes)).toThrow(expect.objectContaining({ code: 'INDEX' }))
  })

  test('only the first axis of several places may come short', () => {
    const axes = [steps(0, 2), steps(0, 2), steps(0, 1)]
    expect(() => stepCube('all', axes, 1)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
    expect(stepCube('all', axes).done).toBe(2)
  })

  test('too much for one answer is refused; what takes long comes in pieces', () => {
    const data = new Uint8Array(1_000_000).map((_, i) => i % 251)
    using store = new ScratchStore({ name: 'wide', dtype: 'uint8', shape: [2, 500_000], data })
    const reader = openStore(store.path).reader('wide')
    const asked = { store: 1, array: 'wide', rowSet: 'all', along: 0 } as const
    const { result, bytes } = answerSteps(
      reader,
      0,
      { ...asked, along: 1, axes: [steps(1, 1), steps(0, 100_000, 5)] },
      impatient(),
    )
    expect(result.done).toBeGreaterThan(0)
    expect(result.done).toBeLessThan(100_000)
    expect([...new Uint8Array(bytes)]).toEqual(Array.from({ length: result.done }, (_, i) => (500_000 + 5 * i) % 251))
    const all = { ...asked, axes: [steps(0, 2), steps(0, 500_000)] }
    expect(answerSteps(reader, 0, all).result.done).toBe(1)
    const huge = new ScratchStore({
      name: 'h',
      dtype: 'bool',
      shape: [2, LIMITS.windowElements + 1],
      data: new Uint8Array(2 * LIMITS.windowElements + 2),
    })
    const axes = [steps(0, 2), steps(0, LIMITS.windowElements + 1)]
    expect(() => answerSteps(openStore(huge.path).reader('h'), 0, { ...asked, axes })).toThrow(
      expect.objectContaining({ code: 'ARGUMENT' }),
    )
    huge[Symbol.dispose]()
  })
})

test('a picture of a real store is its bytes', () => {
  const path = new URL('../../fixtures/stores/shapes.npk', import.meta.url).pathname
  const axes = [2, 0, 0, 0].map((start, axis) => ({ start, count: [1, 32, 24, 3][axis]!, step: 1 }))
  const store = openStore(path, { readOnly: true })
  const { bytes } = answerSteps(store.reader('image_rgb'), 0, {
    store: 1,
    array: 'image_rgb',
    rowSet: 'active',
    axes,
    along: 1,
  })
  const file = readFileSync(`${path}/data_image_rgb.npkd`)
  expect(Buffer.from(bytes).equals(file.subarray(2 * 32 * 24 * 3, 3 * 32 * 24 * 3))).toBe(true)
})
