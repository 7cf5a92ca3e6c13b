import type { RowSet } from '../../array/row-set.ts'
import type { ColumnStatistics } from '../../statistics/column-summary.ts'
import { columnStatisticsOf } from '../../statistics/column-statistics.ts'
import { statisticsOf } from '../../statistics/statistics.ts'
import type { ArrayReader } from '../../storage/read/reader.ts'
import { hasChannelsLast } from '../contract/picture.ts'
import { Figures as FiguresSchema } from '../contract/statistics.ts'
import type { Figures, ArrayTaskParams } from '../contract/types.ts'
import { figuresOf } from './figures.ts'
import { rowSetOf } from './row-sets.ts'
import type { ArrayTaskResult } from './messages.ts'
import type { ArrayWork } from './array-tasks.ts'

type Params = ArrayTaskParams<'statistics'>

const resultOf = (figures: Figures): ArrayTaskResult => ({ figures, reading: null, bytes: null })

const isWhole = ({ rows, columns, index }: Params): boolean => rows === null && columns === null && index === null

/** Statistics of an array or a part of it. Only those of a whole array are cached. */
export const arrayStatistics: ArrayWork<'statistics'> = {
  rows: ({ rows }) => rows && rows[1],

  async run(params, reader, { signal, workers, onProgress }) {
    const { rows, columns, index, bins, scale } = params
    const rowSet = rowSetOf(reader, params.rowSet)
    const statistics = await statisticsOf(reader, {
      rowSet,
      histogram: { bins, scale, isForChart: true },
      defaultWorkers: workers,
      signal,
      onProgress: progress => onProgress(progress, () => resultOf(figuresOf(progress.figures))),
      ...(rows && { rows }),
      ...(columns && { columns }),
      ...(index && { index }),
    })
    return resultOf(
      figuresOf(
        statistics,
        isWhole(params) ? await channelsOf(reader, { rowSet, defaultWorkers: workers, signal }) : null,
      ),
    )
  },

  cache: {
    keyOf: params => (isWhole(params) ? [params.array, params.rowSet, params.bins, params.scale] : null),
    toJson: ({ figures }) => figures,
    fromJson(cached) {
      const { data } = FiguresSchema.safeParse(cached)
      return data ? resultOf(data) : null
    },
  },
}

/** Computes statistics of each colour channel of an array that looks like pictures; null for other arrays. */
async function channelsOf(
  reader: ArrayReader,
  options: { rowSet: RowSet; defaultWorkers: number | undefined; signal: AbortSignal },
): Promise<ColumnStatistics | null> {
  const { dtype, shape } = reader
  if (!hasChannelsLast(shape) || dtype === 'bool' || dtype.startsWith('complex')) return null
  return columnStatisticsOf(reader, { ...options, axis: shape.slice(0, -1).map((_, axis) => axis) })
}
