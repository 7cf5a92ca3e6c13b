import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RowMap } from './rowmap.ts'

function wordsOf(active: readonly boolean[]): Uint32Array {
  const words = new Uint32Array(2 * Math.ceil(active.length / 64))
  for (const [row, isActive] of active.entries()) if (isActive) words[row >> 5]! |= 1 << (row & 31)
  return words
}

const rowsWhere = (flags: readonly boolean[], value: boolean): number[] =>
  flags.flatMap((flag, row) => (flag === value ? [row] : []))

/** Lengths below, near and far above those of the words and blocks of a row map (32 and 128 rows). */
const runLength = fc.oneof(
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 30, max: 70 }),
  fc.integer({ min: 100, max: 5000 }),
)

const flagsInRuns = fc
  .array(fc.tuple(fc.boolean(), runLength), { maxLength: 30 })
  .map(runs => runs.flatMap(([active, length]) => Array.from<boolean>({ length }).fill(active)))

const anyFlags = fc.oneof(fc.array(fc.boolean(), { maxLength: 700 }), flagsInRuns)

/** Returns the results of all lookups but those of ranges. */
const lookUpAll = (map: RowMap) => ({
  counts: [map.rows, map.activeRows, map.deletedRows],
  active: range(map.activeRows).map(i => map.selectActive(i)),
  activeAtOnce: [...map.selectActiveAll(Float64Array.from(range(map.activeRows)))],
  deleted: range(map.deletedRows).map(i => map.selectDeleted(i)),
  flags: range(map.rows).map(row => map.isActive(row)),
  ranks: range(map.rows + 1).map(row => [map.rankActive(row), map.rankDeleted(row)]),
})

/** Returns what `lookUpAll` must return for a map of these flags (true: the row is active). */
function expectedLookups(flags: readonly boolean[]): ReturnType<typeof lookUpAll> {
  const active = rowsWhere(flags, true)
  const deleted = rowsWhere(flags, false)
  let rank = 0
  const ranks = flags.map((isActive, row) => {
    const before = [rank, row - rank]
    if (isActive) rank++
    return before
  })
  return {
    counts: [flags.length, active.length, deleted.length],
    active,
    activeAtOnce: active,
    deleted,
    flags: [...flags],
    ranks: [...ranks, [active.length, deleted.length]],
  }
}

const range = (length: number): number[] => Array.from({ length }, (_, i) => i)

describe('RowMap gives the same as a list of flags', () => {
  test('for counts, ranks, and each active or deleted row', () => {
    fc.assert(
      fc.property(anyFlags, flags => {
        expect(lookUpAll(new RowMap(wordsOf(flags), flags.length))).toEqual(expectedLookups(flags))
      }),
      { numRuns: 150 },
    )
  })

  test('for many logical rows at once, in any order', () => {
    fc.assert(
      fc.property(anyFlags, fc.array(fc.nat(), { maxLength: 200 }), (flags, picks) => {
        const active = rowsWhere(flags, true)
        const rows = active.length === 0 ? [] : picks.map(pick => pick % active.length)
        const map = new RowMap(wordsOf(flags), flags.length)
        expect([...map.selectActiveAll(Float64Array.from(rows))]).toEqual(rows.map(row => active[row]))
      }),
    )
  })

  test('for the next active or deleted row from any row on', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 300 }), flags => {
        const map = new RowMap(wordsOf(flags), flags.length)
        for (let row = 0; row <= flags.length; row++) {
          const next = (value: boolean) => {
            const found = flags.indexOf(value, row)
            return found < 0 ? flags.length : found
          }
          expect([map.nextActive(row), map.nextDeleted(row)]).toEqual([next(true), next(false)])
        }
      }),
    )
  })

  test('for ranges of logical or deleted rows', () => {
    fc.assert(
      fc.property(anyFlags, fc.nat(), fc.nat(), (flags, a, b) => {
        const map = new RowMap(wordsOf(flags), flags.length)
        for (const [rows, fill] of [
          [rowsWhere(flags, true), (out: Float64Array, first: number) => map.fillActive(out, first)],
          [rowsWhere(flags, false), (out: Float64Array, first: number) => map.fillDeleted(out, first)],
        ] as const) {
          const first = rows.length === 0 ? 0 : a % rows.length
          const out = new Float64Array(b % (rows.length - first + 1))
          fill(out, first)
          expect([...out]).toEqual(rows.slice(first, first + out.length))
        }
      }),
    )
  })

  test('for the runs of active rows in a range of physical rows', () => {
    fc.assert(
      fc.property(anyFlags, fc.nat(), fc.nat(), (flags, a, b) => {
        const map = new RowMap(wordsOf(flags), flags.length)
        const first = a % (flags.length + 1)
        const end = first + (b % (flags.length - first + 1))
        const visited: number[] = []
        const stops: number[] = []
        map.eachActiveRun(first, end, (start, stop) => {
          expect(stop).toBeGreaterThan(start)
          visited.push(...range(stop - start).map(i => start + i))
          stops.push(stop)
        })
        expect(visited).toEqual(rowsWhere(flags, true).filter(row => row >= first && row < end))
        expect(stops).toEqual(visited.filter(row => row + 1 === end || flags[row + 1] === false).map(row => row + 1))
      }),
    )
  })

  test('when bits after the last row are set', () => {
    const rows = 70
    const flags = Array.from({ length: rows }, (_, row) => row % 3 !== 0)
    const words = wordsOf(flags)
    words[2]! |= 0xffffffff << (rows - 64)
    words[3] = 0xffffffff
    expect(lookUpAll(new RowMap(words, rows))).toEqual(expectedLookups(flags))
  })

  test('when rows beyond the words count as active', () => {
    const words = 3
    const flags = Array.from({ length: 500 }, (_, row) => row >= 32 * words || row % 2 === 0)
    expect(lookUpAll(new RowMap(wordsOf(flags).slice(0, words), flags.length))).toEqual(expectedLookups(flags))
    expect(lookUpAll(new RowMap(new Uint32Array(0), 40))).toEqual(
      expectedLookups(Array.from<boolean>({ length: 40 }).fill(true)),
    )
  })
})

test('RowMap finds four active rows far apart among 20 million', () => {
  const rows = 20_000_000
  const words = new Uint32Array(rows / 32)
  const active = [0, 1, 12_345_678, 19_999_999]
  for (const row of active) words[row >> 5]! |= 1 << (row & 31)
  const map = new RowMap(words, rows)
  expect(active.map((_, i) => map.selectActive(i))).toEqual(active)
  expect(map.selectDeleted(12_345_676)).toBe(12_345_679)
  expect(map.selectDeleted(map.deletedRows - 1)).toBe(rows - 2)
  expect([...map.selectActiveAll(Float64Array.of(3, 0, 2, 1))]).toEqual([19_999_999, 0, 12_345_678, 1])
  expect(map.nextActive(2)).toBe(12_345_678)
})

test('RowMap finds active rows from 2 ** 32 on, beyond its words', () => {
  const map = new RowMap(new Uint32Array(64).fill(0xfffffffe), 2 ** 33)
  const logical = [0, 5, 2 ** 32 - 64, 2 ** 32, 2 ** 32 + 5, map.activeRows - 1]
  const physical = [1, 6, 2 ** 32, 2 ** 32 + 64, 2 ** 32 + 69, 2 ** 33 - 1]
  expect(logical.map(row => map.selectActive(row))).toEqual(physical)
  expect([...map.selectActiveAll(Float64Array.from(logical))]).toEqual(physical)
})
