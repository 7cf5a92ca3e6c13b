import type { Figures, StatisticsState } from '../../../core/explorer/contract/types.ts'

/** Complete statistics of a float64 array with values from 0 to 2, in bins of equal width. */
export function figuresOf(
  { finite, counts }: { finite: number; counts: number[] },
  change: Partial<StatisticsState> = {},
): StatisticsState {
  const edges = [...counts, 0].map((_, i) => (2 * i) / counts.length)
  const figures: Figures = {
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
    mean: 1.2,
    std: 0.5,
    quantiles: [{ q: 0.5, value: 1.25, exact: true }],
    histogram: { edges, counts, below: 0, above: 0, scale: 'linear', exact: true },
    valueCounts: null,
    partial: false,
    magnitude: null,
    phase: null,
    channels: null,
  }
  const progress = { bytesDone: 100, bytesTotal: 100, rate: 0, secondsLeft: null }
  return { state: 'done', progress, error: null, figures, ...change }
}
