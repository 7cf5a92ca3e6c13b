import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Buckets, bucketWidth, pointsOf } from './line-data.ts'
import { bucketsOf } from './use-lines.ts'
import type { CellRange } from '../../../grid/index.ts'
import { arrayInfo } from '../../../model/test-support/fake-host.ts'
import { formatLines, parseLines } from './parse-lines.ts'
import { firstChoice } from './plot-choice.ts'

/** The buckets of [start, stop) of a line, written out from the contract. */
function read(line: readonly number[], [start, stop]: [number, number], width: number): Buckets {
  const first = Math.floor(start / width)
  const fields: number[] = []
  for (let bucket = first; bucket * width < stop; bucket++) {
    const inside = line
      .map((value, at) => ({ value, at }))
      .filter(
        ({ value, at }) => at >= start && at < stop && Math.floor(at / width) === bucket && Number.isFinite(value),
      )
    const none = { value: NaN, at: NaN }
    const low = inside.reduce((best, next) => (next.value < best.value ? next : best), inside[0] ?? none)
    const high = inside.reduce((best, next) => (next.value > best.value ? next : best), inside[0] ?? none)
    fields.push(low.value, high.value, low.at, high.at)
  }
  return bucketsOf(Float64Array.from(fields).buffer, { lines: 1, dtype: 'float64', width, first })[0]!
}

const extremes = (values: number[]) => (values.length === 0 ? [NaN] : [Math.min(...values), Math.max(...values)])

const lines = fc.array(fc.oneof(fc.integer({ min: -50, max: 50 }), fc.constant(NaN)), { minLength: 1, maxLength: 120 })

describe('decimated lines', () => {
  test('a decimated line keeps the extremes of every bucket at their positions and in order', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 12 }), (line, most) => {
        const width = bucketWidth([0, line.length], most)
        const points = pointsOf(read(line, [0, line.length], width), null)
        expect(points.length).toBeLessThanOrEqual(2 * most)
        for (const [i, [at, value]] of points.entries()) {
          expect(at).toBeGreaterThan(points[i - 1]?.[0] ?? -1)
          expect(Number.isNaN(value) || line[at] === value).toBe(true)
        }
        for (let start = 0; start < line.length; start += width) {
          const inside = line.slice(start, start + width).filter(value => !Number.isNaN(value))
          const drawn = points.filter(([at]) => at >= start && at < start + width).map(([, value]) => Number(value))
          expect(extremes(drawn.filter(value => !Number.isNaN(value)))).toEqual(extremes(inside))
        }
      }),
    )
  })

  test('a decimated line with as many buckets as values is the line itself', () => {
    const line = [3, 1, NaN, 7, 7]
    expect(pointsOf(read(line, [0, 5], 1), null)).toEqual([...line.entries()])
  })

  test('a line of 64-bit integers has points that a float64 does not tell apart', () => {
    const fields = new Float64Array(8)
    new BigInt64Array(fields.buffer).set([2n ** 60n, 2n ** 60n + 1n], 0)
    fields.set([1, 0], 2)
    fields.fill(NaN, 4)
    const [buckets] = bucketsOf(fields.buffer, { lines: 1, dtype: 'int64', width: 2, first: 0 })
    expect(pointsOf(buckets!, null)).toEqual([
      [0, 2n ** 60n + 1n],
      [1, 2n ** 60n],
      [2, NaN],
    ])
  })

  test('a line uses detail where it was read and coarse buckets elsewhere', () => {
    const line = Array.from({ length: 100 }, (_, i) => (i * 37) % 11)
    const points = pointsOf(read(line, [0, 100], 10), read(line, [40, 60], 1))
    expect(points.filter(([at]) => at >= 40 && at < 60)).toEqual(line.map((value, at) => [at, value]).slice(40, 60))
    expect(points.filter(([at]) => at < 40 || at >= 60)).toHaveLength(16)
  })
})

describe('typed lists of lines', () => {
  test.each([
    ['0, 3, 8-11', [0, 3, 8, 9, 10, 11]],
    ['5 2', [2, 5]],
    ['1,234', [1234]],
    ['1,2,3', [1, 2, 3]],
    ['11 - 9', [9, 10, 11]],
    ['7;7', [7]],
  ])('a typed list of lines is parsed: %s', (text, expected) => {
    expect(parseLines(text, 5000, 'column')).toEqual({ ok: true, lines: expected })
  })

  test.each([
    ['', /as in/],
    ['a', /as in/],
    ['48', /0 to 47/],
    ['0-40', /At most 16/],
  ])('a wrong list of lines is refused: %j', (text, message) => {
    const parsed = parseLines(text, 48, 'column')
    expect(parsed.ok ? '' : parsed.message).toMatch(message)
  })

  test('a formatted list of lines parses to the same lines', () => {
    const some = fc.uniqueArray(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 16 })
    fc.assert(
      fc.property(some, lines => {
        const sorted = lines.toSorted((a, b) => a - b)
        expect(parseLines(formatLines(sorted), 41, 'row')).toEqual({ ok: true, lines: sorted })
      }),
    )
  })
})

const choice = (shape: number[], selected: CellRange | null) => {
  const { along, columns, rows } = firstChoice(
    arrayInfo({ name: 'a', shape, physicalShape: shape }),
    'active',
    selected,
  )
  return { along, lines: along === 'rows' ? columns : rows }
}

describe('the initial plot', () => {
  test.each([
    [[4000], null, 'rows', [0]],
    [[4000, 3], null, 'rows', [0, 1, 2]],
    [[4000, 48], null, 'rows', [0]],
    [[4000, 48], { rows: [5, 6], columns: [7, 8] }, 'rows', [7]],
    [[4000, 48], { rows: [0, 4000], columns: [7, 10] }, 'rows', [7, 8, 9]],
    [[4000, 48], { rows: [0, 4000], columns: [0, 48] }, 'rows', [0]],
    [[3, 5001], null, 'columns', [0, 1, 2]],
  ] as const)('the initial plot of shape %j with %j selected', (shape, selected, along, lines) => {
    expect(choice([...shape], selected)).toEqual({ along, lines })
  })
})
