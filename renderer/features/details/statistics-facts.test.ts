import { describe, expect, test } from 'vitest'
import type { Figures } from '../../../core/explorer/contract/types.ts'
import { formatNumber, formatNumberWithin } from '../../ui/number-text.ts'
import { countFacts, quantileFacts, valueCountFacts, valueFacts } from './statistics-facts.ts'
import { barsOf, endsOf } from '../../model/statistics/histogram-bars.ts'
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
  mean: -0.000_012_5,
  std: 1,
  quantiles: [
    { q: 0.01, value: -2.5, exact: true },
    { q: 0.5, value: 0, exact: false },
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
    expect(shown(facts)).toEqual(['Min: −4.25', 'Max: 9.0', 'Sum: −12.5', 'Mean: −1.25e−5', 'Std: 1'])
    expect(facts.map(({ at }) => at)).toEqual([[5, 2], [8, 0], undefined, undefined, undefined])
    expect(valueFacts({ ...FIGURES, min: null, max: null })).toEqual([])
  })

  test('quantiles are labelled in percent', () => {
    expect(shown(quantileFacts(FIGURES))).toEqual(['1 %: −2.5', 'Median: ≈ 0'])
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

/** Counts `elements` in `bins` even bins, as NumPy does. */
function histogramOf(elements: readonly number[], bins: number) {
  const [least, greatest] = [Math.min(...elements), Math.max(...elements)]
  const edges = Array.from({ length: bins + 1 }, (_, i) =>
    i === bins ? greatest : least + (i * (greatest - least)) / bins,
  )
  const counts = Array.from({ length: bins }, (_, i) => {
    const isLast = i === bins - 1
    return elements.filter(x => x >= edges[i]! && (x < edges[i + 1]! || (isLast && x === greatest))).length
  })
  return { edges, counts, below: 0, above: 0, scale: 'linear', exact: true } as const
}

describe('histogram bars', () => {
  const labels = Array.from({ length: 500 }, (_, i) => ((i * i) % 23) - 9)

  test('whole numbers get one bar each when there are more bins than numbers', () => {
    for (const bins of [23, 24, 64, 100, 128, 256]) {
      const bars = barsOf('int64', histogramOf(labels, bins))
      const met = bars.values!.map(value => labels.filter(label => label === value).length)
      expect(bars.counts).toEqual(met)
      expect(endsOf(bars)).toEqual([Math.min(...labels), Math.max(...labels)])
      expect(bars.edges).toHaveLength(bars.counts.length + 1)
    }
  })

  test('histogram bars are the bins for other numbers, many numbers and logarithmic axes', () => {
    const few = histogramOf(labels, 10)
    expect(barsOf('int64', few)).toEqual({ edges: few.edges, counts: few.counts, values: null })
    const many = histogramOf(labels, 64)
    expect(barsOf('float32', many).values).toBeNull()
    expect(barsOf('uint8', { ...many, scale: 'log' }).values).toBeNull()
    expect(endsOf(barsOf('float32', many))).toEqual([many.edges[0], many.edges.at(-1)])
  })
})

test.each([
  [1234567, '1,234,567'],
  [-12004.79, '−12,004.79'],
  [-0.5, '−0.5'],
  [1 / 3, '0.3333333'],
  [1e300, '1e+300'],
  [-(2 ** 63), '−9.223372e+18'],
  [999_999_999_999_999, '999,999,999,999,999'],
  [NaN, 'nan'],
  [-Infinity, '−inf'],
  [-1.5e-9, '−1.5e−9'],
  [0.00012345678, '0.0001234568'],
  [0.000012345678, '1.234568e−5'],
])('the number %s is written “%s”', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})

test.each([
  [888_888, '888,888'],
  [-0.00040555123, '−0.000405551'],
  [-0.000014639031, '−1.463903e−5'],
  [-123_456_789.5, '−123,456,800'],
  [-1_234_567_890.5, '−1.23457e+9'],
  [-1.2345678e-300, '−1.23457e−300'],
])('the number %s is written “%s” in 12 characters', (value, text) => {
  expect(formatNumberWithin(12, value)).toBe(text)
})
