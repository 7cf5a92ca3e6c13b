import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DType, TypedArray } from '../format/dtype.ts'
import { NDArray } from '../array/ndarray.ts'
import { MemoryReader } from '../storage/read/memory-reader.ts'
import type { Statistics } from './statistics-summary.ts'
import { isNearest, isNearestRoot, moments } from './rational.ts'
import { statisticsOf } from './statistics.ts'

const of = (dtype: DType, values: readonly (number | bigint | boolean)[]): Promise<Statistics> =>
  statisticsOf(new MemoryReader('x', NDArray.from([...values], { dtype })))

/** Lists the statistics of numbers that differ from exact arithmetic. */
function faults(figures: Statistics, values: readonly (number | bigint)[]): string[] {
  const finite = values.filter(value => typeof value === 'bigint' || Number.isFinite(value))
  const count = (is: (value: number | bigint) => boolean): number => values.filter(is).length
  const checks: Record<string, boolean> = {
    count: figures.count === values.length,
    finite: figures.finite === finite.length,
    nan: figures.nan === count(Number.isNaN),
    positiveInfinity: figures.positiveInfinity === count(value => value === Number.POSITIVE_INFINITY),
    negativeInfinity: figures.negativeInfinity === count(value => value === Number.NEGATIVE_INFINITY),
    zeros: figures.zeros === count(value => Number(value) === 0),
    ...(finite.length === 0 ? ofNothing(figures) : ofNumbers(figures, values, finite)),
  }
  return Object.keys(checks).filter(name => !checks[name])
}

const ofNothing = ({ min, max, minAt, maxAt, mean, std }: Statistics): Record<string, boolean> => ({
  extremes: [min, max, minAt, maxAt].every(value => value === null),
  mean: Number.isNaN(mean),
  std: Number.isNaN(std),
})

function ofNumbers(
  figures: Statistics,
  values: readonly (number | bigint)[],
  finite: readonly (number | bigint)[],
): Record<string, boolean> {
  const least = finite.reduce((a, b) => (b < a ? b : a))
  const greatest = finite.reduce((a, b) => (b > a ? b : a))
  const { sum, mean, variance } = moments(finite)
  return {
    min: Object.is(figures.min, same(least)),
    max: Object.is(figures.max, same(greatest)),
    minAt: figures.minAt?.[0] === values.findIndex(value => same(value) === same(least)),
    maxAt: figures.maxAt?.[0] === values.findIndex(value => same(value) === same(greatest)),
    sum:
      typeof figures.sum === 'bigint' ? figures.sum * sum.denominator === sum.numerator : isNearest(figures.sum, sum),
    mean: isNearest(figures.mean, mean),
    std: isNearestRoot(figures.std, variance),
  }
}

const same = (value: number | bigint): number | bigint => (typeof value === 'bigint' ? value : value + 0)

describe('sums of floats are exact where ordinary summation fails', () => {
  const HUGE = 1.7976931348623157e308
  const cases: Record<string, number[]> = {
    'large numbers that cancel': [1e16, 1, -1e16, 3, 1e16, -1e16],
    'a small spread around a large mean': [1e16, 1e16 + 2, 1e16 + 4, 1e16 - 2],
    'a sum beyond the largest float': [HUGE, HUGE, 1],
    'a sum that only on the way is beyond it': [HUGE, HUGE, -HUGE, -HUGE, 2.5],
    'subnormal numbers': [5e-324, 1e-323, -5e-324, 2e-320, 2.2250738585072014e-308],
    'squares below the least float': [1e-200, 2e-200, -3e-200],
    'a spread below half the least float': [0, 0, 0, 0, 0, 5e-324],
    'a spread just below the least float': [0, 5e-324],
    'a spread that rounds up to the least float': [0, 0, 5e-324],
    'all NaN': [Number.NaN, Number.NaN],
    infinities: [Number.POSITIVE_INFINITY, 1, Number.NEGATIVE_INFINITY, Number.NaN, 2],
    'one element': [0.1],
    none: [],
    'zeros of both signs': [0, -0, -0],
    'a negative zero as the least': [-0, 0, 1],
    'everything from the least to the greatest': [5e-324, 1e-160, 1e-16, 1, 1e16, 1e160, HUGE, -1e160],
  }
  test.each(Object.entries(cases))('%s', async (_, values) => {
    expect(faults(await of('float64', values), values)).toEqual([])
  })
})

const INTEGERS: Partial<Record<DType, [bigint, bigint]>> = {
  int8: [-128n, 127n],
  uint8: [0n, 255n],
  int16: [-32768n, 32767n],
  uint16: [0n, 65535n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
}

const numbers = (dtype: DType, values: readonly bigint[]): (number | bigint)[] =>
  values.map(value => (dtype.endsWith('64') ? value : Number(value)))

test.each(Object.entries(INTEGERS))('%s: statistics of random integers are exact', async (name, [min, max]) => {
  const dtype = name as DType
  const value = fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, max, 0n), fc.bigInt({ min: 0n, max: 9n }))
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 40 }), async values => {
      const elements = numbers(dtype, values)
      expect(faults(await of(dtype, elements), elements)).toEqual([])
    }),
    { numRuns: 40 },
  )
})

const FLOATS: Partial<Record<DType, (values: readonly number[]) => TypedArray>> = {
  float16: values => Float16Array.from(values),
  float32: values => Float32Array.from(values),
  float64: values => Float64Array.from(values),
}

test.each(Object.entries(FLOATS))(
  '%s: statistics of random floats are the float64 nearest to the exact values',
  async (dtype, rounded) => {
    const value = fc.oneof(
      fc.double(),
      fc.float(),
      fc.double({ min: -1, max: 1 }),
      fc.constantFrom(0, -0, 1e16, 1, -1e16),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(value, { maxLength: 40 }), async values => {
        const elements = [...rounded(values)] as number[]
        expect(faults(await of(dtype as DType, elements), elements)).toEqual([])
      }),
    )
  },
)
