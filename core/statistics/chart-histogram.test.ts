import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { NDArray } from '../array/ndarray.ts'
import type { DType } from '../format/dtype.ts'
import { typedArrayOf } from '../format/elements.ts'
import { MemoryReader } from '../storage/read/memory-reader.ts'
import { statisticsOf } from './statistics.ts'

const RANGES = {
  bool: [0n, 1n],
  uint8: [0n, 255n],
  int8: [-128n, 127n],
  uint16: [0n, 65_535n],
  int16: [-32_768n, 32_767n],
  uint32: [0n, 2n ** 32n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
} as const

const arrayOf = (dtype: DType, values: readonly (number | bigint)[]): NDArray => {
  const data = new (typedArrayOf(dtype))(values.length)
  for (const [i, value] of values.entries()) data[i] = value
  return new NDArray(dtype, [values.length], data)
}

const histogramOf = async (
  dtype: DType,
  values: readonly (number | bigint)[],
  bins: number,
  scale: 'linear' | 'log',
) => {
  const options = { histogram: { bins, scale, isForChart: true }, distinct: false }
  return (await statisticsOf(new MemoryReader('x', arrayOf(dtype, values)), options)).histogram
}

/** Statistics of 16-bit elements take long, whatever the number of elements. */
const runsFor = (dtype: DType): number => (dtype.endsWith('16') ? 6 : 30)

const INTEGERS = Object.keys(RANGES) as (keyof typeof RANGES)[]

test.each(INTEGERS)(
  '%s: a chart counts each integer in the bin that holds it, and even bins hold equally many',
  async dtype => {
    const [least, greatest] = RANGES[dtype]
    const near = fc.bigInt({ min: 0n, max: 300n }).map(by => (greatest - by < least ? greatest : greatest - by))
    const value = fc.oneof(fc.bigInt({ min: least, max: greatest }), near)
    const values = fc.oneof(
      fc.array(value, { minLength: 1, maxLength: 60 }),
      fc.array(near, { minLength: 1, maxLength: 60 }),
    )
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom('linear' as const, 'log' as const),
        async (values, bins, scale) => {
          const isWide = dtype.endsWith('int64')
          const histogram = await histogramOf(dtype, isWide ? values : values.map(Number), bins, scale)
          const isPossible = scale === 'linear' || values.some(value => value > 0n)
          expect(histogram !== null).toBe(isPossible)
          if (histogram === null) return
          const edges = histogram.wholeEdges!
          const counts = edges.slice(1).map((edge, i) => values.filter(x => x >= edges[i]! && x < edge).length)
          expect([...histogram.counts]).toEqual(counts)
          expect(histogram.exact).toBe(true)
          expect(histogram.below).toBe(values.filter(x => x < edges[0]!).length)
          expect(histogram.above).toBe(0)
          expect(counts.length).toBeLessThanOrEqual(bins)
          const widths = edges.slice(1).map((edge, i) => edge - edges[i]!)
          expect(widths.every(width => width > 0n)).toBe(true)
          expect(scale === 'log' || new Set(widths).size === 1).toBe(true)
        },
      ),
      { numRuns: runsFor(dtype) },
    )
  },
)

test.each(['float16', 'float32', 'float64'] as const)(
  '%s: a chart has different edges with every value inside',
  async dtype => {
    const largest = { float16: 65_504, float32: 3.4028234663852886e38, float64: 1.7976931348623157e308 }[dtype]
    const { data } = arrayOf(dtype, [5e-324, 1e-27, 1013.25, 1013.250001, 1e17, largest, -largest, 0])
    const awkward = fc.constantFrom(...Array.from(data, Number).filter(Number.isFinite))
    const any = fc.double({ noNaN: true, noDefaultInfinity: true, min: -largest, max: largest })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(awkward, any), { minLength: 1, maxLength: 40 }), async values => {
        const stored = Array.from(arrayOf(dtype, values).data, Number)
        const { edges, counts, exact } = (await histogramOf(dtype, values, 64, 'linear'))!
        const last = counts.length - 1
        const inside = Array.from(
          counts,
          (_, i) =>
            stored.filter(x => x >= edges[i]! && (x < edges[i + 1]! || (i === last && x === edges[i + 1]))).length,
        )
        expect([...counts]).toEqual(inside)
        expect(exact).toBe(true)
        const [least, greatest] = [Math.min(...stored), Math.max(...stored)]
        const isConstant = edges.length === 2 && edges[0] === least && edges[1] === least
        const isAscending = Array.from(edges.subarray(1)).every((edge, i) => edge > edges[i]!)
        expect(least === greatest ? isConstant : isAscending).toBe(true)
      }),
      { numRuns: runsFor(dtype) },
    )
  },
)

test('ids of nearly one size and a large constant have the bars that they have elements', async () => {
  const ids = Array.from({ length: 1000 }, (_, i) => 2n ** 60n + BigInt(i % 50))
  const histogram = (await histogramOf('int64', ids, 100, 'linear'))!
  expect(histogram.wholeEdges).toEqual(Array.from({ length: 51 }, (_, i) => 2n ** 60n + BigInt(i)))
  expect([...histogram.counts]).toEqual(Array.from({ length: 50 }, () => 20))
  const bytes = (await histogramOf(
    'uint8',
    Array.from({ length: 255 }, (_, i) => i),
    64,
    'linear',
  ))!
  expect(new Set(bytes.counts.slice(0, -1))).toEqual(new Set([4]))
  expect((await histogramOf('float64', [1e17, 1e17], 64, 'linear'))!).toMatchObject({ counts: Float64Array.of(2) })
})

test('quantiles of 64-bit integers are exact text', async () => {
  const ids = arrayOf('uint64', [2n ** 64n - 1n, 2n ** 64n - 2n, 2n ** 63n + 1n])
  const { quantiles } = await statisticsOf(new MemoryReader('x', ids), { quantiles: [0, 0.5, 0.75] })
  expect(quantiles.map(({ text }) => text)).toEqual([
    '9223372036854775809',
    '18446744073709551614',
    '18446744073709551614.5',
  ])
  const small = await statisticsOf(new MemoryReader('x', arrayOf('int64', [1n, 2n])), { quantiles: [0.5] })
  expect(small.quantiles[0]!.text).toBe('1.5')
})
