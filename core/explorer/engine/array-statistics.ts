import type { ColumnStatistics } from '../../statistics/column-summary.ts'
import { columnStatisticsOf } from '../../statistics/column-statistics.ts'
import { statisticsOf } from '../../statistics/statistics.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { hasChannelsLast } from '../contract/picture.ts'
import { Figures as FiguresSchema } from '../contract/statistics.ts'
import type { Figures, StatisticsParams } from '../contract/types.ts'
import { figuresOf } from './figures.ts'
import type { StatisticsResult } from './messages.ts'
import type { StatisticsWork } from './statistics-tasks.ts'

type Params = StatisticsParams<'statistics'>

const resultOf = (figures: Figures): StatisticsResult => ({ figures, bytes: null })

const isWhole = ({ rows, columns, index }: Params): boolean => rows === null && columns === null && index === null

/** Statistics of an array or a part of it. Only those of a whole array are cached. */
export const arrayStatistics: StatisticsWork<'statistics'> = {
  rows: ({ rows }) => rows && rows[1],
  keyOf: params => (isWhole(params) ? [params.array, params.view, params.bins, params.scale] : null),

  async run(params, reader, { signal, onProgress }) {
    const { view, rows, columns, index, bins, scale } = params
    const statistics = await statisticsOf(reader, {
      view,
      histogram: { bins, scale },
      signal,
      onProgress: progress => onProgress(progress, () => resultOf(figuresOf(progress.figures))),
      ...(rows && { rows }),
      ...(columns && { columns }),
      ...(index && { index }),
    })
    return resultOf(figuresOf(statistics, isWhole(params) ? await channelsOf(reader, view, signal) : null))
  },

  toJson: ({ figures }) => figures,
  fromJson(cached) {
    const { data } = FiguresSchema.safeParse(cached)
    return data ? resultOf(data) : null
  },
}

/** Computes statistics of each colour channel of an array that looks like pictures; null for other arrays. */
async function channelsOf(
  reader: ArrayReader,
  view: Params['view'],
  signal: AbortSignal,
): Promise<ColumnStatistics | null> {
  const { dtype, shape } = reader
  if (!hasChannelsLast(shape) || dtype === 'bool' || dtype.startsWith('complex')) return null
  return columnStatisticsOf(reader, { view, axis: shape.slice(0, -1).map((_, axis) => axis), signal })
}
