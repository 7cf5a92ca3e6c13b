import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import { NumPack } from './numpack.ts'
import { NumPackError } from '../format/errors.ts'
import { ScratchStore } from '../test-support/scratch-store.ts'
import { type AxisSelection, slice } from '../array/selection.ts'

type Nested = number | Nested[]

interface Entry {
  readonly entry: AxisSelection
  readonly places: number | number[]
}

function walk(size: number, start: number | null, stop: number | null, step: number): number[] {
  const from = (bound: number) => (bound < 0 ? bound + size : bound)
  const first = start === null ? (step > 0 ? 0 : size - 1) : Math.min(from(start), step > 0 ? Infinity : size - 1)
  const places: number[] = []
  for (let i = Math.max(first, step > 0 ? 0 : -1); ; i += step) {
    if (stop !== null ? (step > 0 ? i >= from(stop) : i <= Math.max(from(stop), -1)) : false) break
    if (i < 0 || i >= size) break
    places.push(i)
  }
  return places
}

const bound = fc.option(fc.integer({ min: -12, max: 12 }))
const step = fc.integer({ min: -4, max: 4 }).filter(value => value !== 0)

const ranges = (size: number): fc.Arbitrary<Entry> =>
  fc.oneof(
    fc.constantFrom<AxisSelection>(null, ':', slice()).map(entry => ({ entry, places: walk(size, null, null, 1) })),
    fc.tuple(bound, bound, step, fc.boolean()).map(([a, b, by, asText]) => ({
      entry: asText ? `${a ?? ''}:${b ?? ''}:${by}` : slice(a, b, by),
      places: walk(size, a, b, by),
    })),
  )

const integers = (size: number): fc.Arbitrary<Entry> =>
  fc.integer({ min: -size, max: size - 1 }).map(i => ({ entry: i, places: i < 0 ? i + size : i }))

const lists = (size: number): fc.Arbitrary<Entry> =>
  fc.oneof(
    fc
      .tuple(
        fc.array(fc.integer({ min: -size, max: size - 1 }), { maxLength: 9 }),
        fc.constantFrom('list', 'typed', 'NDArray'),
      )
      .map(([list, as]) => ({
        entry:
          as === 'list'
            ? list
            : as === 'typed'
              ? Int32Array.from(list)
              : NDArray.from(BigInt64Array.from(list.map(BigInt))),
        places: list.map(i => (i < 0 ? i + size : i)),
      })),
    fc.tuple(fc.array(fc.boolean(), { minLength: size, maxLength: size }), fc.boolean()).map(([mask, asArray]) => ({
      entry: asArray ? NDArray.from(mask) : mask,
      places: mask.flatMap((chosen, i) => (chosen ? [i] : [])),
    })),
  )

const selections = (shape: readonly number[]): fc.Arbitrary<Entry[]> =>
  fc.oneof(
    fc.tuple(...shape.map(size => (size > 0 ? fc.oneof(ranges(size), integers(size)) : ranges(size)))),
    fc
      .nat(shape.length - 1)
      .chain(axis => fc.tuple(...shape.map((size, i) => (i === axis && size > 0 ? lists(size) : ranges(size))))),
  )

const pick = (nested: Nested, entries: readonly Entry[]): Nested => {
  const [first, ...rest] = entries
  if (first === undefined) return nested
  const rows = nested as Nested[]
  return typeof first.places === 'number'
    ? pick(rows[first.places]!, rest)
    : first.places.map(place => pick(rows[place]!, rest))
}

const flatten = (nested: Nested): number[] => (typeof nested === 'number' ? [nested] : nested.flatMap(flatten))

const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)
const numbered = (shape: readonly number[]): NDArray =>
  NDArray.from(
    Float64Array.from({ length: count(shape) }, (_, i) => i),
    { shape },
  )
const plain = (value: unknown): unknown => (value instanceof NDArray ? value.toList() : value)

const cases = fc
  .array(fc.integer({ min: 0, max: 7 }), { minLength: 1, maxLength: 4 })
  .chain(shape => fc.tuple(fc.constant(shape), selections(shape), fc.nat(shape.length)))

test('in memory, a selection picks what picking from nested lists does', () => {
  fc.assert(
    fc.property(cases, ([shape, entries, left]) => {
      const array = numbered(shape)
      const selection = entries.map(({ entry }) => entry)
      const picked = pick(array.toList() as Nested, entries)
      expect(plain(array.get(...selection))).toEqual(picked)
      expect(plain(array.get(...selection.slice(0, left)))).toEqual(
        pick(array.toList() as Nested, entries.slice(0, left)),
      )
      const parts: AxisSelection[] = [...selection.slice(0, left), '...', ...selection.slice(left)]
      expect(plain(array.get(...parts))).toEqual(picked)
    }),
    { numRuns: 2000 },
  )
})

test('set changes exactly what get picks', () => {
  fc.assert(
    fc.property(cases, ([shape, entries]) => {
      const array = numbered(shape)
      const selection = entries.map(({ entry }) => entry)
      const before = array.toList()
      const places = new Set(flatten(pick(before as Nested, entries)))
      array.set(selection, -1)
      expect([...array.data]).toEqual(flatten(before as Nested).map(value => (places.has(value) ? -1 : value)))
    }),
    { numRuns: 1000 },
  )
})

const disk = fc
  .tuple(
    fc.integer({ min: 1, max: 150 }),
    fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
    fc.double({ min: 0, max: 1 }),
  )
  .chain(([rows, inner, share]) =>
    fc.tuple(
      fc.constant([rows, ...inner]),
      fc
        .array(fc.double({ min: 0, max: 1 }), { minLength: rows, maxLength: rows })
        .map(list => list.map(value => value < share)),
    ),
  )

test('on disk, through deleted rows and segments, a selection picks what it picks from the logical rows', () => {
  fc.assert(
    fc.property(
      disk.chain(([shape, flags]) => {
        const active = flags.filter(deleted => !deleted).length
        return fc.tuple(
          fc.constant(shape),
          fc.constant(flags),
          fc.array(selections([active, ...shape.slice(1)]), { minLength: 5, maxLength: 5 }),
        )
      }),
      ([shape, flags, choices]) => {
        const array = numbered(shape)
        const deleted = flags.flatMap((flag, row) => (flag ? [row] : []))
        const half = Math.floor(shape[0] / 2)
        const stored = { dtype: array.dtype, shape, data: array.data, deleted }
        using store = new ScratchStore(
          { name: 'whole', ...stored },
          { name: 'parts', ...stored, segments: [half, 0, shape[0] - half] },
        )
        using npk = NumPack.open(store.path, { readOnly: true })
        const logical = (array.toList() as Nested[]).filter((_, row) => !flags[row])
        for (const name of ['whole', 'parts']) {
          const lazy = npk.load(name, { lazy: true })
          expect(lazy.toList()).toEqual(logical)
          for (const entries of choices) {
            expect(plain(lazy.get(...entries.map(({ entry }) => entry)))).toEqual(pick(logical, entries))
          }
        }
      },
    ),
    { numRuns: 120 },
  )
})

test('on disk, places far apart and visited back and forth give what they give in memory', () => {
  const array = numbered([4, 3, 5000])
  using store = new ScratchStore({ name: 'wide', dtype: 'float64', shape: array.shape, data: array.data })
  using npk = NumPack.open(store.path, { readOnly: true })
  const lazy = npk.load('wide', { lazy: true })
  const selections: AxisSelection[][] = [
    [[0, 0, 3, 0], null, [0, 4999, 7, 4998]],
    [[3, 0, 3], '::-1', [4999, 0, 4999]],
    ['::-2', [2, 0, 2], '::2500'],
    [[3, 1], 1],
    [null, null, [4999, 0, 2500, 0]],
    [slice(3, 0, -1), -1, '10:20'],
  ]
  for (const selection of selections) {
    expect(plain(lazy.get(...selection))).toEqual(plain(array.get(...selection)))
  }
})

describe('several index lists', () => {
  const a = numbered([4, 3, 2])

  test('pair up, broadcast, and stand where they stood', () => {
    expect(plain(a.get([0, 3], [2, 1]))).toEqual([
      [4, 5],
      [20, 21],
    ])
    expect(plain(a.get([[0], [3]], [2, 1], 0))).toEqual([
      [4, 2],
      [22, 20],
    ])
    expect(plain(a.get(null, [0, 2], [1, 0]))).toEqual([
      [1, 4],
      [7, 10],
      [13, 16],
      [19, 22],
    ])
  })

  test('come first when a range parts them', () => {
    expect(plain(a.get([0, 1], null, [1, 0]))).toEqual([
      [1, 3, 5],
      [6, 8, 10],
    ])
    expect(plain(a.get(0, '1:', [1]))).toEqual([[3, 5]])
    expect(plain(a.get(null, [0, 2], '...', [1, 0]))).toEqual([
      [1, 7, 13, 19],
      [4, 10, 16, 22],
    ])
  })

  test('a mask of two axes counts for both', () => {
    const mask = [
      [true, false, false],
      [false, false, true],
      [false, false, false],
      [false, true, false],
    ]
    expect(plain(a.get(mask))).toEqual([
      [0, 1],
      [10, 11],
      [20, 21],
    ])
  })

  test('that do not fit together are refused', () => {
    expect(() => a.get([0, 1], [0, 1, 2])).toThrow(expect.objectContaining({ code: 'SHAPE' }))
  })
})

describe('what is no selection is refused', () => {
  const a = numbered([4, 3])
  test.each<[string, unknown[], string, Record<string, unknown>]>([
    ['an index beyond the end', [1, 3], 'INDEX', { axis: 1, index: 3, size: 3 }],
    ['an index before the start', [-5], 'INDEX', { axis: 0, index: -5, size: 4 }],
    ['a list beyond the end', [[0, 4]], 'INDEX', { axis: 0, index: 4, size: 4 }],
    ['a mask of another length', [[true, false]], 'INDEX', { axis: 0, size: 4 }],
    ['too many entries', [0, 0, 0], 'INDEX', { axes: 2, indexed: 3 }],
    ['two ellipses', ['...', '...'], 'ARGUMENT', {}],
    ['a fraction', [0.5], 'ARGUMENT', {}],
    ['NaN', [Number.NaN], 'ARGUMENT', {}],
    ['a list of fractions', [[0, 0.5]], 'ARGUMENT', {}],
    ['floating-point indices', [Float64Array.of(1)], 'ARGUMENT', {}],
    ['a list of both kinds', [[true, 1]], 'ARGUMENT', {}],
    ['a text that is no slice', ['abc'], 'ARGUMENT', {}],
    ['a step of 0', ['::0'], 'ARGUMENT', {}],
    ['a single boolean', [true], 'ARGUMENT', {}],
    ['nothing', [undefined], 'ARGUMENT', {}],
    ['an object', [{}], 'ARGUMENT', {}],
    ['a ragged list', [[[0, 1], [0]]], 'ARGUMENT', {}],
  ])('%s', (_, selection, code, details) => {
    let error: unknown
    try {
      a.get(...(selection as AxisSelection[]))
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(NumPackError)
    expect(error).toMatchObject({ code, details })
  })

  test('a new axis, saying what to do', () => {
    expect(() => a.get('newaxis')).toThrow(/no new axis; reshape/)
  })

  test('slice() of what is no integer', () => {
    expect(() => slice(0.5)).toThrow(expect.objectContaining({ code: 'ARGUMENT' }))
    expect(() => slice(0, 1, 0)).toThrow(/step is 0/)
  })
})
