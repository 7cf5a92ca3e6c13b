import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Figures } from '../../../core/explorer/contract/types.ts'
import { formatNumber, formatNumberWithin, plainNumber } from '../../ui/number-text.ts'
import { countFacts, quantileFacts, valueCountFacts, valueFacts } from './statistics-facts.ts'
import { barsOf } from '../../model/statistics/histogram-bars.ts'
import { barsPath } from '../../ui/bars-path.ts'

const FIGURES: Figures = {
  dtype: 'float32',
  count: 1_000_000,
  nan: 3,
  positiveInfinity: 0,
  negativeInfinity: 1,
  finite: 999_996,
  zeros: 7,
  distinct: { value: 1234, exact: false },
  min: '-4.25',
  max: '9.0',
  minAt: [5, 2],
  maxAt: [8, 0],
  sum: '-12.5',
  mean: '-1.25e-05',
  std: 1,
  quantiles: [
    { q: 0.01, value: '-2.5', exact: true },
    { q: 0.5, value: '0', exact: false },
  ],
  histogram: null,
  valueCounts: null,
  partial: false,
  magnitude: null,
  phase: null,
  channels: null,
}

const shown = (facts: { name: string; value: string }[]) => facts.map(({ name, value }) => `${name}: ${value}`)

describe('statistics as text', () => {
  test('estimates are marked, and only floats list NaN and infinities', () => {
    expect(shown(countFacts(FIGURES))).toEqual([
      'Elements: 1,000,000',
      'NaN: 3',
      '+∞: 0',
      '−∞: 1',
      'Finite: 999,996',
      'Zeros: 7',
      'Distinct: ≈ 1,234',
    ])
    const whole: Figures = { ...FIGURES, dtype: 'int8', distinct: { value: 4, exact: true } }
    expect(shown(countFacts(whole))).toEqual(['Elements: 1,000,000', 'Zeros: 7', 'Distinct: 4'])
  })

  test('extremes keep their digits and their position', () => {
    const facts = valueFacts(FIGURES)
    expect(shown(facts)).toEqual(['Min: -4.25', 'Max: 9.0', 'Sum: -12.5', 'Mean: -1.25e-05', 'Std: 1'])
    expect(facts.map(({ at }) => at)).toEqual([[5, 2], [8, 0], undefined, undefined, undefined])
    expect(valueFacts({ ...FIGURES, min: null, max: null })).toEqual([])
  })

  test('quantiles are labelled in percent', () => {
    expect(shown(quantileFacts(FIGURES))).toEqual(['1 %: -2.5', 'Median: ≈ 0'])
  })

  test('few values are listed in order, of many the most frequent', () => {
    const few = [
      { value: 'false', count: 2 },
      { value: 'true', count: 1 },
    ]
    expect(shown(valueCountFacts({ ...FIGURES, valueCounts: few }))).toEqual(['false: 2', 'true: 1'])
    const many = Array.from({ length: 100 }, (_, i) => ({ value: String(i - 50), count: i }))
    expect(shown(valueCountFacts({ ...FIGURES, valueCounts: many })).slice(0, 2)).toEqual(['49: 99', '48: 98'])
  })
})

test('the highest histogram bar has full height, the lowest is visible, empty bins have none', () => {
  expect(barsPath([0, 1, 1000], 0.02)).toBe('M1 1V0.9800h1V1zM2 1V0.0000h1V1z')
})

const histogramOf = (edges: string[], counts: number[]) => ({
  edges,
  counts,
  below: 0,
  above: 0,
  scale: 'linear' as const,
  exact: true,
})

describe('histogram bars', () => {
  test('a bar of integers is labelled with what it holds', () => {
    const single = barsOf('int8', histogramOf(['-1', '0', '1', '2'], [5, 0, 7]))
    expect(single).toEqual({
      counts: [5, 0, 7],
      labels: ['-1', '0', '1'],
      contents: ['-1', '0', '1'],
      ends: ['-1', '1'],
    })
    const ids = ['1152921504606846976', '1152921504606847001', '1152921504606847026']
    const wide = barsOf('int64', histogramOf(ids, [25, 25]))
    expect(wide.labels).toEqual(['1,152,921,504,606,846,976', '1,152,921,504,606,847,001'])
    expect(wide.contents[0]).toBe('1,152,921,504,606,846,976 to 1,152,921,504,606,847,000')
    expect(wide.ends).toEqual(['1,152,921,504,606,846,976', '1,152,921,504,606,847,025'])
  })

  test('a bar of floats is labelled with its lower edge, a constant with its value', () => {
    expect(barsOf('float32', histogramOf(['0', '0.5', '1'], [1, 2]))).toEqual({
      counts: [1, 2],
      labels: ['0', '0.5'],
      contents: ['0 to 0.5', '0.5 to 1'],
      ends: ['0', '1'],
    })
    expect(barsOf('float64', histogramOf(['1e+17', '1e+17'], [9])).contents).toEqual(['1e+17'])
    // numpy.float32(-8.958843) and numpy.float32(8.941981), written as float64
    const extremes = histogramOf(['-8.958843231201172', '0.1', '8.941981315612793'], [1, 2])
    expect(barsOf('float32', extremes).ends).toEqual(['-8.958843', '8.941981'])
    expect(barsOf('float64', extremes).ends).toEqual(['-8.958843231201172', '8.941981315612793'])
  })

  test('edges that differ late have different labels, and one that is 0 except for rounding is 0', () => {
    const near = barsOf('float64', histogramOf(['1013.25', '1013.2501', '1013.2502'], [1, 1]))
    expect(near.labels).toEqual(['1,013.25', '1,013.2501'])
    const edges = Array.from({ length: 5 }, (_, i) => String(-0.49999997 + i * 0.24999997))
    expect(edges[2]).not.toBe('0')
    expect(barsOf('float64', histogramOf(edges, [1, 1, 1, 1])).labels).toEqual(['-0.5', '-0.25', '0', '0.25'])
  })
})

describe('numbers as text', () => {
  test.each([
    [1234567, '1,234,567'],
    [20000001.5, '20,000,001.5'],
    [-12004.79, '-12,004.79'],
    [1 / 3, '0.3333333333333333'],
    [1e300, '1e+300'],
    [5e-324, '5e-324'],
    [-(2 ** 63), '-9.223372036854776e+18'],
    [-(2n ** 63n), '-9,223,372,036,854,775,808'],
    [999_999_999_999_999, '999,999,999,999,999'],
    [NaN, 'nan'],
    [-Infinity, '-inf'],
    [-1.5e-9, '-1.5e-09'],
  ])('the number %s is written “%s”', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  test('the text of any number reads back as the same number when it is copied', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
        expect(Number(plainNumber(formatNumber(value)))).toBe(value)
      }),
    )
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), value => {
        expect(BigInt(plainNumber(`≈ ${formatNumber(value)}`))).toBe(value)
      }),
    )
  })

  test.each([
    [888_888, '888,888'],
    [-0.00040555123, '-0.000405551'],
    [-0.000014639031, '-1.4639e-05'],
    [-123_456_789.5, '-123,456,790'],
    [-1_234_567_890.5, '-1.23457e+9'],
    [-1.2345678e-300, '-1.2346e-300'],
  ])('the number %s is written “%s” in 12 characters', (value, text) => {
    expect(formatNumberWithin(12, value)).toBe(text)
  })

  test('a number that fits is never rounded, and any number fits in 12 characters', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), value => {
        const text = formatNumberWithin(12, value)
        expect(text.length).toBeLessThanOrEqual(12)
        const exact = formatNumber(value)
        expect(exact.length > 12 || text === exact).toBe(true)
        const read = Number(plainNumber(text))
        const isNormal = Math.abs(value) > 1e-300 && Math.abs(value) < 1e300
        expect(!isNormal || Math.abs(read / value - 1) < 0.001).toBe(true)
      }),
    )
  })
})
