import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../format/limits.ts'
import { viewFields } from '../../format/values.ts'
import { ScratchStore } from '../../test-support/scratch-store.ts'
import { openStore } from '../../storage/read/store.ts'
import type { ArrayTaskParams, Progress, RowSetName } from '../contract/types.ts'
import type { ArrayWorkControl } from '../engine/array-tasks.ts'
import { Extremes } from '../engine/extremes.ts'
import type { ArrayTaskResult } from '../engine/messages.ts'
import { lines, runsOf } from '../engine/read-lines.ts'
import { sample } from '../engine/read-sample.ts'
import { Turns } from '../engine/turns.ts'

function impatientControl() {
  let now = 0
  const reports: { progress: Progress; result: ArrayTaskResult | null }[] = []
  const abort = new AbortController()
  const control: ArrayWorkControl = {
    signal: abort.signal,
    onProgress: (progress, result) => reports.push({ progress, result: result() }),
    nextTurn: async () => {},
    now: () => (now += 1000),
  }
  return { control, reports, abort }
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
          const found = new Extremes('float64', width, start, start + line.length)
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

  test.each(['int64', 'uint64'] as const)('the extremes of %s are exact, whatever the pieces', dtype => {
    const of = dtype === 'int64' ? BigInt64Array : BigUint64Array
    const line = of.from([1n, 3n, 0n, 2n, 5n, 5n].map(i => 2n ** 60n + i))
    for (const piece of [1, 2, 4, 6]) {
      const found = new Extremes(dtype, 4, 0, line.length)
      for (let done = 0; done < line.length; done += piece)
        found.add(line, done, 1, Math.min(piece, line.length - done), done)
      const extremes = viewFields(dtype, found.fields)
      expect([0, 1, 4, 5].map(at => extremes[at])).toEqual([0n, 3n, 5n, 5n].map(i => 2n ** 60n + i))
      expect([2, 3, 6, 7].map(at => found.fields[at])).toEqual([2, 1, 4, 4])
    }
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

type LinesParams = ArrayTaskParams<'lines'>

const linesOf = (change: Partial<LinesParams>): LinesParams => ({
  store: 1,
  array: 'cube',
  generation: 0,
  rowSet: 'active',
  along: 'rows',
  lines: [0],
  index: [1],
  range: [0, 100],
  bucket: 1,
  part: 'real',
  ...change,
})

async function readCube(params: LinesParams) {
  using store = new ScratchStore(CUBE)
  const { reading, bytes } = await lines.run(params, openStore(store.path).reader('cube'), impatientControl().control)
  return { done: reading!.done, fields: [...new Float64Array(bytes!)] }
}

describe('the lines of a plot', () => {
  const rows = { active: [1, 2, 4, 5], all: [0, 1, 2, 3, 4, 5], deleted: [0, 3] }

  test.each(['active', 'all', 'deleted'] as RowSetName[])(
    'columns are lines over the rows of row set %s',
    async rowSet => {
      const { done, fields } = await readCube(linesOf({ rowSet, lines: [2, 0] }))
      expect(done).toBe(rows[rowSet].length)
      const expected = [2, 0].flatMap(column =>
        rows[rowSet].flatMap((row, at) => [100 * row + 10 + column, 100 * row + 10 + column, at, at]),
      )
      expect(fields).toEqual(expected)
    },
  )

  test('rows are lines over the columns', async () => {
    const { done, fields } = await readCube(linesOf({ along: 'columns', lines: [3, 1], bucket: 2 }))
    expect(done).toBe(3)
    expect(fields).toEqual([510, 511, 0, 1, 512, 512, 2, 2, 210, 211, 0, 1, 212, 212, 2, 2])
  })

  test('lines of 64-bit integers keep every digit', async () => {
    const data = BigInt64Array.from([2n ** 60n + 1n, -(2n ** 63n), 2n ** 63n - 1n])
    using store = new ScratchStore({ name: 'ids', dtype: 'int64', shape: [3], data })
    const params = linesOf({ array: 'ids', index: [], bucket: 1 })
    const { bytes } = await lines.run(params, openStore(store.path).reader('ids'), impatientControl().control)
    const fields = new BigInt64Array(bytes!)
    expect([0, 1, 2].map(bucket => fields[4 * bucket])).toEqual([...data])
    expect([0, 1, 2].map(bucket => fields[4 * bucket + 1])).toEqual([...data])
  })

  test('a part of a line keeps to the same buckets', async () => {
    const { done, fields } = await readCube(linesOf({ rowSet: 'all', range: [3, 6], bucket: 2 }))
    expect(done).toBe(3)
    expect(fields).toEqual([310, 310, 3, 3, 410, 510, 4, 5])
  })

  test('lines that take long show their progress and the part that was read', async () => {
    const data = Float32Array.from({ length: 200_000 }, (_, i) => (i === 150_001 ? 9 : i % 7))
    using store = new ScratchStore({ name: 'line', dtype: 'float32', shape: [data.length], data })
    const { control, reports } = impatientControl()
    const params = linesOf({ index: [], range: [0, data.length], bucket: 1000 })
    const { bytes } = await lines.run(params, openStore(store.path).reader('line'), control)
    const all = new Float64Array(bytes!)
    expect(all.slice(4 * 150, 4 * 151)).toEqual(Float64Array.of(0, 9, 150_003, 150_001))
    expect(reports.length).toBeGreaterThan(1)
    for (const { progress, result } of reports) {
      const { done } = result!.reading!
      expect(progress).toMatchObject({ bytesDone: 4 * done, bytesTotal: 4 * data.length })
      const whole = 4 * Math.floor(done / 1000)
      const part = new Float64Array(result!.bytes!)
      expect(part.subarray(0, whole)).toEqual(all.subarray(0, whole))
      expect(part.subarray(4 * Math.ceil(done / 1000)).every(Number.isNaN)).toBe(true)
    }
  })

  test('lines beyond the array are refused', async () => {
    await expect(readCube(linesOf({ lines: [3] }))).rejects.toMatchObject({ code: 'INDEX' })
    await expect(readCube(linesOf({ index: [2] }))).rejects.toMatchObject({ code: 'INDEX' })
  })

  test('complex numbers are drawn by their part', async () => {
    const data = Float64Array.of(3, 4, 0, -2)
    using store = new ScratchStore({ name: 'z', dtype: 'complex128', shape: [2], data })
    const reader = openStore(store.path).reader('z')
    const valuesOf = async (part: LinesParams['part']): Promise<(number | undefined)[]> => {
      const { bytes } = await lines.run(linesOf({ index: [], part }), reader, impatientControl().control)
      const fields = new Float64Array(bytes!)
      return [fields[0], fields[4]]
    }
    expect(await valuesOf('real')).toEqual([3, 0])
    expect(await valuesOf('imaginary')).toEqual([4, -2])
    expect(await valuesOf('magnitude')).toEqual([5, 2])
    expect(await valuesOf('phase')).toEqual([Math.atan2(4, 3), Math.atan2(-2, 0)])
  })
})

type Axes = ArrayTaskParams<'sample'>['axes']

const steps = (start: number, count: number, step = 1) => ({ start, count, step })
const sampleOf = (rowSet: RowSetName, axes: Axes) => ({ store: 1, array: 'a', generation: 0, rowSet, axes })

async function sampleCube(rowSet: RowSetName, axes: Axes): Promise<number[]> {
  using store = new ScratchStore(CUBE)
  const reader = openStore(store.path).reader('cube')
  const { bytes } = await sample.run(sampleOf(rowSet, axes), reader, impatientControl().control)
  return [...new Int32Array(bytes!)]
}

describe('a sample', () => {
  test('a sample has every second row and column of each row set', async () => {
    expect(await sampleCube('active', [steps(0, 2, 2), steps(1, 1), steps(0, 2, 2)])).toEqual([110, 112, 410, 412])
    expect(await sampleCube('all', [steps(1, 2, 3), steps(0, 2), steps(2, 1)])).toEqual([102, 112, 402, 412])
    expect(await sampleCube('deleted', [steps(1, 1), steps(0, 2), steps(0, 3)])).toEqual([300, 301, 302, 310, 311, 312])
  })

  test('places beyond an axis are refused, and so are the wrong number of axes', async () => {
    for (const axes of [
      [steps(0, 5), steps(0, 1), steps(0, 1)],
      [steps(0, 1), steps(0, 2, 2), steps(0, 1)],
      [steps(0, 1)],
    ])
      await expect(sampleCube('active', axes)).rejects.toMatchObject({ code: 'INDEX' })
  })

  test('a sample that takes long shows its progress and the part that was read, in C order', async () => {
    const [rows, columns] = [3, 500_000]
    const data = new Uint8Array(rows * columns).map((_, i) => i % 251)
    using store = new ScratchStore({ name: 'wide', dtype: 'uint8', shape: [rows, columns], data })
    const { control, reports } = impatientControl()
    const axes = [steps(0, rows), steps(0, columns / 5, 5)]
    const { bytes } = await sample.run(sampleOf('all', axes), openStore(store.path).reader('wide'), control)
    const expected = data.filter((_, i) => i % 5 === 0)
    expect(Buffer.from(bytes!).equals(expected)).toBe(true)
    expect(reports.length).toBeGreaterThan(1)
    for (const { progress, result } of reports) {
      const { done } = result!.reading!
      expect(progress).toMatchObject({ bytesDone: done, bytesTotal: expected.length })
      expect(Buffer.from(result!.bytes!).subarray(0, done).equals(expected.subarray(0, done))).toBe(true)
    }
  })

  test('a sample that is too large for one answer is refused', async () => {
    const axes = [steps(0, 2 ** 20), steps(0, LIMITS.sampleBytes), steps(0, 0)]
    await expect(sampleCube('active', axes)).rejects.toMatchObject({ code: 'ARGUMENT' })
  })

  test('a sample that is cancelled reads no further', async () => {
    const data = new Uint8Array(100_000)
    using store = new ScratchStore({ name: 'a', dtype: 'uint8', shape: [data.length], data })
    const { control, reports, abort } = impatientControl()
    const nextTurn = async (): Promise<void> => abort.abort()
    const reading = sample.run(sampleOf('all', [steps(0, data.length)]), openStore(store.path).reader('a'), {
      ...control,
      nextTurn,
    })
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    expect(reports).toHaveLength(1)
  })
})

test('an image of a real store is its bytes', async () => {
  const path = join(import.meta.dirname, '../../fixtures/stores/shapes.npk')
  const axes = [2, 0, 0, 0].map((start, axis) => ({ start, count: [1, 32, 24, 3][axis]!, step: 1 }))
  const reader = openStore(path, { readOnly: true }).reader('image_rgb')
  const { reading, bytes } = await sample.run(sampleOf('active', axes), reader, impatientControl().control)
  expect(reading).toEqual({ dtype: 'uint8', done: 32 * 24 * 3 })
  const file = readFileSync(join(path, 'data_image_rgb.npkd'))
  expect(Buffer.from(bytes!).equals(file.subarray(2 * 32 * 24 * 3, 3 * 32 * 24 * 3))).toBe(true)
})

test('tasks take turns, each in a turn of the event loop of its own', async () => {
  const turns = new Turns()
  const order: string[] = []
  let loops = 0
  const count = (): void => {
    loops++
    counting = setImmediate(count)
  }
  let counting = setImmediate(count)
  const read = async (name: string): Promise<number[]> => {
    const taken: number[] = []
    for (let i = 0; i < 2; i++) {
      await turns.next()
      order.push(name)
      taken.push(loops)
    }
    return taken
  }
  const taken = await Promise.all([read('a'), read('b')])
  clearImmediate(counting)
  expect(order).toEqual(['a', 'b', 'a', 'b'])
  expect(new Set(taken.flat()).size).toBe(4)
})
