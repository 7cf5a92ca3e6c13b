import { expect, test } from 'vitest'
import type { DType } from '../format/dtype.ts'
import { bytesOf } from '../format/elements.ts'
import { MemoryReader } from '../storage/read/memory-reader.ts'
import { NDArray } from '../array/ndarray.ts'
import { countsFromBins, givenEdges } from './accumulators/histogram.ts'
import { REGISTERS } from './accumulators/hyperloglog.ts'
import { sortKeysOf } from './accumulators/sort-keys.ts'
import { scalarKernels } from './scalar/scalar-kernels.ts'
import { statisticsOf } from './statistics.ts'

/** Compares quantiles, histograms and distinct counts with the simplest computation: sort, and count one by one. */

const reader = (array: NDArray): MemoryReader => new MemoryReader('x', array)

function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const next = random(5)
const DISTRIBUTIONS: Record<string, (i: number, count: number) => number> = {
  ascending: i => i - 1000,
  descending: (i, count) => count - i,
  'one value': () => 3,
  'two values': i => i % 2,
  'bell-shaped': () => 100 * (next() + next() + next() + next() - 2),
  'far from zero': () => 1.7e9 + 1000 * next(),
  'many magnitudes': () => 2 ** (30 * next()) * (next() < 0.3 ? -1 : 1),
  'mostly one value, some far from it': i => (i % 100 === 0 ? 1e9 * next() : 7),
}
const CONVERSIONS: Record<string, (value: number) => number> = {
  float64: value => value,
  float32: value => value,
  int64: Math.round,
  int32: Math.round,
  uint32: value => Math.abs(Math.round(value)),
  uint64: value => Math.abs(Math.round(value)),
  uint16: value => Math.abs(Math.round(value)) % 65_536,
  int8: value => Math.round(value) % 100,
  float16: value => Math.max(-60_000, Math.min(60_000, value)),
}
const QS = [0, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
const COUNT = 5000

/** Computes `numpy.quantile` of sorted numbers. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1)
  const low = Math.floor(at)
  const [a, b] = [sorted[low]!, sorted[Math.min(low + 1, sorted.length - 1)]!]
  return at - low >= 0.5 ? b - (b - a) * (1 - (at - low)) : a + (b - a) * (at - low)
}

/** Makes an array of this distribution. `numbers` are its elements as float64. */
function makeArray(distribution: string, dtype: string): { array: NDArray; numbers: number[] } {
  const numbers = Array.from({ length: COUNT }, (_, i) => CONVERSIONS[dtype]!(DISTRIBUTIONS[distribution]!(i, COUNT)))
  const values = dtype.endsWith('int64') ? numbers.map(BigInt) : numbers
  const array = NDArray.from(values, { dtype: dtype as DType })
  return { array, numbers: Array.from(array.data as ArrayLike<number | bigint>, Number) }
}

const cases = Object.keys(DISTRIBUTIONS).flatMap(distribution =>
  Object.keys(CONVERSIONS).map(dtype => [distribution, dtype] as const),
)

test.each(cases)('%s, %s: quantiles of a small array are exact', async (distribution, dtype) => {
  const { array, numbers } = makeArray(distribution, dtype)
  const sorted = numbers.toSorted((a, b) => a - b)
  const { quantiles } = await statisticsOf(reader(array), { quantiles: QS })
  expect(quantiles.map(({ q, value, exact }) => [q, value, exact])).toEqual(QS.map(q => [q, quantile(sorted, q), true]))
})

const LARGE_COUNT = 8_500_000

test.each(['bell-shaped', 'many magnitudes', 'mostly one value, some far from it'])(
  '%s: quantiles of a large array lie within their bounds and a thousandth, whatever the order',
  async distribution => {
    const random = Float64Array.from({ length: LARGE_COUNT }, (_, i) => DISTRIBUTIONS[distribution]!(i, LARGE_COUNT))
    const ascending = random.toSorted()
    const orders = { random, ascending, descending: ascending.toReversed() }
    const found = await Promise.all(
      Object.values(orders).map(async data => {
        const { quantiles } = await statisticsOf(reader(NDArray.from(data)), { quantiles: QS, distinct: false })
        return quantiles
      }),
    )
    expect(found[1]).toEqual(found[0])
    expect(found[2]).toEqual(found[0])
    expect(found[0]!.some(({ exact }) => !exact)).toBe(true)
    const [least = 0] = ascending
    const range = (ascending.at(-1) ?? 0) - least
    for (const { q, value, lower, upper } of found[0]!) {
      const at = q * (LARGE_COUNT - 1)
      const [below, above] = [ascending[Math.floor(at)]!, ascending[Math.ceil(at)]!]
      expect(lower).toBeLessThanOrEqual(above)
      expect(upper).toBeGreaterThanOrEqual(below)
      const rank = Math.abs(ascending.findLastIndex(element => element <= value) - at)
      const isNear = Math.abs(value - below) <= range / 1000 || rank <= LARGE_COUNT / 1000
      expect([q, isNear]).toEqual([q, true])
    }
  },
  60_000,
)

test.each(cases)('%s, %s: a histogram counts each element in the bin of its edges', async (distribution, dtype) => {
  const { array, numbers } = makeArray(distribution, dtype)
  const figures = await statisticsOf(reader(array), { histogram: 17 })
  const { edges, counts, exact } = figures.histogram!
  const last = edges.length - 2
  const expected = Array.from(
    counts,
    (_, i) => numbers.filter(x => x >= edges[i]! && (x < edges[i + 1]! || (i === last && x === edges[i + 1]))).length,
  )
  expect([...counts]).toEqual(expected)
  expect(exact).toBe(true)
  const [least, greatest] = [Math.min(...numbers), Math.max(...numbers)]
  expect([edges[0], edges.at(-1)]).toEqual(least === greatest ? [least - 0.5, least + 0.5] : [least, greatest])
})

test.each(['float32', 'float64', 'int32'] as const)(
  '%s: a histogram computed from coarse bins counts every element and follows their distribution',
  dtype => {
    const kernel = scalarKernels.accumulator(dtype, { bins: true, distinct: false, histogram: null })
    const size = dtype === 'int32' ? 1e9 : 1
    const count = 2 ** 18
    const block = 1024
    for (let first = 0; first < count; first += block) {
      const values = Array.from({ length: block }, (_, i) => ((first + i) / count - 0.25) * size)
      kernel.input.set(bytesOf(NDArray.from(values.map(dtype === 'int32' ? Math.round : Number), { dtype }).data))
      kernel.add(block, first)
    }
    const accumulator = kernel.accumulator()
    const range = [-0.2 * size, 0.7 * size] as const
    const counts = countsFromBins(givenEdges({ bins: 90, range })!, sortKeysOf(dtype), accumulator)
    expect(counts.every(Number.isInteger)).toBe(true)
    expect(counts.reduce((a, b) => a + b)).toBe(count)
    // Each bin has a hundredth of the elements; 5 are below and 5 above.
    const shares = counts.map((each, i) => each / (i < 90 ? 1 : 5) / (count / 100))
    expect(Math.min(...shares)).toBeGreaterThan(0.99)
    expect(Math.max(...shares)).toBeLessThan(1.01)
    // Rounding leaves neither counts nor -0 in empty bins.
    for (let bins = 90; bins < 120; bins++) {
      const wide = countsFromBins(givenEdges({ bins, range: [-size, 3 * size] })!, sortKeysOf(dtype), accumulator)
      expect(wide.subarray(bins / 2).every(each => Object.is(each, 0))).toBe(true)
    }
  },
)

test('a logarithmic histogram has edges of equal ratio and counts the elements below', async () => {
  const { array, numbers } = makeArray('many magnitudes', 'float64')
  const { histogram } = await statisticsOf(reader(array), { histogram: { bins: 5, range: [1, 100_000], scale: 'log' } })
  const edges = histogram!.edges
  for (let i = 0; i < 5; i++) expect(edges[i + 1]! / edges[i]!).toBeCloseTo(10, 10)
  expect(histogram!.below).toBe(numbers.filter(x => x < 1).length)
  expect(histogram!.above).toBe(numbers.filter(x => x > 100_000).length)
  expect([...histogram!.counts].reduce((a, b) => a + b)).toBe(COUNT - histogram!.below - histogram!.above)
})

/** Of HyperLogLog, relative to the number of distinct elements (Flajolet et al., 2007). */
const STANDARD_ERROR = 1.04 / Math.sqrt(REGISTERS)

test.each(['float32', 'int64', 'float64'] as const)(
  '%s: distinct elements of a large array are estimated within 4 standard errors',
  async dtype => {
    for (const distinct of [1, 10, 1000, 100_000]) {
      const values = Array.from({ length: 300_000 }, (_, i) => 5000 + (i % distinct))
      const array = NDArray.from(dtype === 'int64' ? values.map(BigInt) : values, { dtype })
      const figures = await statisticsOf(reader(array), { quantiles: [] })
      expect(Math.abs(figures.distinct!.value - distinct)).toBeLessThanOrEqual(4 * STANDARD_ERROR * distinct)
      expect(figures.distinct!.exact).toBe(false)
    }
  },
)

test.each(['int64', 'uint64', 'int32', 'uint32', 'float32', 'float64'] as const)(
  '%s: distinct elements of a small array are counted as numpy.unique does',
  async dtype => {
    const isWide = dtype.endsWith('int64')
    for (const count of [1, 26, 480, 600, 5000]) {
      const values = Array.from({ length: count }, (_, i) => 5000 + ((i * 7919) % 4999))
      const base = dtype.startsWith('float') ? 0 : 2 ** 20
      const array = NDArray.from(
        isWide ? values.map(value => 2n ** 60n + BigInt(value)) : values.map(value => value + base),
        { dtype },
      )
      const { distinct } = await statisticsOf(reader(array))
      expect(distinct).toEqual({ value: new Set(values).size, exact: true })
    }
  },
)

test('NaN counts as one distinct element, and -0 as 0', async () => {
  const values = [NaN, NaN, 0, -0, 1e-300, 1e-301, Infinity, -Infinity, Infinity]
  const array = NDArray.from(values, { dtype: 'float64' })
  // numpy.unique(values).size
  expect((await statisticsOf(reader(array))).distinct).toEqual({ value: 6, exact: true })
})

test.each(['int64', 'uint32', 'int32'] as const)(
  '%s: 701 different numbers in a narrow range are counted, not estimated',
  async dtype => {
    const distinctOf = async (numbers: readonly number[]) => {
      const array = NDArray.from(dtype === 'int64' ? numbers.map(BigInt) : numbers, { dtype })
      return (await statisticsOf(reader(array))).distinct!
    }
    const numbers = Array.from({ length: 5000 }, (_, i) => (dtype === 'uint32' ? 900 : 400) - ((i * i) % 701))
    expect(await distinctOf(numbers)).toEqual({ value: new Set(numbers).size, exact: true })
  },
)

test('distinct and value counts are exact for small dtypes', async () => {
  const bytes = await statisticsOf(reader(NDArray.from([3, -1, 3, 0, -128], { dtype: 'int8' })))
  expect(bytes.distinct).toEqual({ value: 4, exact: true })
  expect(bytes.valueCounts).toEqual([
    { value: -128, count: 1 },
    { value: -1, count: 1 },
    { value: 0, count: 1 },
    { value: 3, count: 2 },
  ])
  const bools = await statisticsOf(reader(new NDArray('bool', [4], Uint8Array.of(0, 1, 2, 255))))
  expect(bools.valueCounts).toEqual([
    { value: false, count: 1 },
    { value: true, count: 3 },
  ])
  const halves = NDArray.from([0, -0, Number.NaN, Number.POSITIVE_INFINITY, 0.5, 0.5], { dtype: 'float16' })
  expect((await statisticsOf(reader(halves))).distinct).toEqual({ value: 4, exact: true })
})

test('complex arrays have statistics of magnitude and phase', async () => {
  const array = NDArray.from([
    { re: 3, im: 4 },
    { re: 0, im: 0 },
    { re: Number.NaN, im: 1 },
    { re: -1, im: 0 },
  ])
  const { count, nan, finite, zeros, magnitude, phase } = await statisticsOf(reader(array))
  expect({ count, nan, finite, zeros }).toEqual({ count: 4, nan: 1, finite: 3, zeros: 1 })
  expect(magnitude).toMatchObject({ min: 0, max: 5, sum: 6, mean: 2 })
  expect(phase).toMatchObject({ min: 0, max: Math.PI, sum: Math.PI + Math.atan2(4, 3) })
})
