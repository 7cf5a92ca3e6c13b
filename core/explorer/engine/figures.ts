import type { DType, Scalar } from '../../format/dtype.ts'
import { formatElement, formatScalar } from '../../format/text.ts'
import { numberText } from '../../format/values.ts'
import { ratioText } from '../../statistics/ratio-text.ts'
import type { ColumnStatistics } from '../../statistics/column-summary.ts'
import type { Statistics } from '../../statistics/statistics-summary.ts'
import type { Histogram } from '../../statistics/accumulators/histogram.ts'
import type { Figures, RealFigures } from '../contract/types.ts'

const text = (dtype: DType, value: Scalar | null): string | null => (value === null ? null : formatScalar(dtype, value))

/** JSON has no NaN. */
const known = (value: number): number | null => (Number.isNaN(value) ? null : value)

const histogramOf = ({ edges, wholeEdges, counts, ...histogram }: Histogram): Figures['histogram'] => ({
  ...histogram,
  edges: wholeEdges?.map(String) ?? Array.from(edges, numberText),
  counts: [...counts],
})

/** Formats a mean. That of large 64-bit integers needs more digits than a float64 has. */
function meanText({ mean, sum, finite }: Statistics): string | null {
  if (Number.isNaN(mean)) return null
  return typeof sum === 'bigint' && Math.abs(mean) > Number.MAX_SAFE_INTEGER
    ? ratioText(sum, BigInt(finite))
    : numberText(mean)
}

function realFigures(statistics: Statistics): RealFigures {
  const { dtype, min, max, minAt, maxAt, sum, std, quantiles, histogram, valueCounts } = statistics
  const { count, nan, positiveInfinity, negativeInfinity, finite, zeros, distinct, partial } = statistics
  const isComplex = statistics.magnitude !== null
  return {
    dtype,
    count,
    nan,
    positiveInfinity,
    negativeInfinity,
    finite,
    zeros,
    distinct,
    min: text(dtype, min),
    max: text(dtype, max),
    minAt: minAt && [...minAt],
    maxAt: maxAt && [...maxAt],
    sum: isComplex ? null : formatScalar(typeof sum === 'bigint' ? 'int64' : 'float64', sum),
    mean: meanText(statistics),
    std: known(std),
    quantiles: quantiles.map(({ q, text, exact }) => ({ q, value: text, exact })),
    histogram: histogram && histogramOf(histogram),
    valueCounts: valueCounts && valueCounts.map(({ value, count }) => ({ value: String(value), count })),
    partial,
  }
}

/** Converts statistics to JSON, with those of channels if they are known. Elements become text in full precision. */
export const figuresOf = (statistics: Statistics, channels: ColumnStatistics | null = null): Figures => ({
  ...realFigures(statistics),
  magnitude: statistics.magnitude && realFigures(statistics.magnitude),
  phase: statistics.phase && realFigures(statistics.phase),
  channels: channels && channelFigures(channels),
})

function channelFigures({ dtype, nan, finite, min, max, mean, std }: ColumnStatistics): Figures['channels'] {
  return Array.from({ length: finite.size }, (_, channel) => {
    const hasFinite = finite.get(channel) !== 0
    return {
      nan: Number(nan.get(channel)),
      min: hasFinite ? formatElement(dtype, min.data, channel) : null,
      max: hasFinite ? formatElement(dtype, max.data, channel) : null,
      mean: known(Number(mean.get(channel))),
      std: known(Number(std.get(channel))),
    }
  })
}
