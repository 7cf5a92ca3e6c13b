import type { Figures } from '../../../core/explorer/contract/types.ts'

export function figuresOf(
  { finite, counts }: { finite: number; counts: number[] },
  change: Partial<Figures> = {},
): Figures {
  const edges = [...counts, 0].map((_, i) => String((2 * i) / counts.length))
  return {
    dtype: 'float64',
    count: finite,
    nan: 0,
    positiveInfinity: 0,
    negativeInfinity: 0,
    finite,
    zeros: 0,
    distinct: null,
    min: '0.0',
    max: '2.0',
    minAt: [0, 0],
    maxAt: [1, 2],
    sum: '12.0',
    mean: '1.2',
    std: 0.5,
    quantiles: [{ q: 0.5, value: '1.25', exact: true }],
    histogram: { edges, counts, below: 0, above: 0, scale: 'linear', exact: true },
    valueCounts: null,
    partial: false,
    magnitude: null,
    phase: null,
    channels: null,
    ...change,
  }
}

export const figuresOfNaN = (count: number): Figures => {
  const none = { min: null, max: null, minAt: null, maxAt: null, sum: null, mean: null, std: null }
  return figuresOf({ finite: 0, counts: [] }, { ...none, count, nan: count, quantiles: [], histogram: null })
}
