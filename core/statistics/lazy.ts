import { checkLongOptions } from '../array/arguments.ts'
import { LazyArray, readerOf } from '../storage/read/lazy.ts'
import type { ColumnStatistics } from './column-figures.ts'
import { columnStatisticsOf } from './column-statistics.ts'
import type { Statistics } from './figures.ts'
import type { StatisticsOptions } from './options.ts'
import { statisticsOf } from './statistics.ts'

/** Options for figures of all elements, and for figures of each column or channel. */
type WholeOptions = StatisticsOptions<Statistics> & { readonly axis?: null }
type ColumnOptions = StatisticsOptions<ColumnStatistics> & { readonly axis: 0 | readonly number[] }

declare module '../storage/read/lazy.ts' {
  interface LazyArray {
    /**
     * Figures of the elements, or of a selection of them: counts, extremes, sums, quantiles, a histogram; with `axis: 0` of
     * each column, as arrays. What they are is said at `Statistics` and `ColumnStatistics`. Rejects with `ARGUMENT`,
     * `INDEX`, `SHAPE`, `ABORTED`, `CHANGED_ON_DISK`, `CLOSED` or `IO`.
     */
    statistics(options?: WholeOptions): Promise<Statistics>
    statistics(options: ColumnOptions): Promise<ColumnStatistics>
  }
}

async function statistics(this: LazyArray, options: WholeOptions | ColumnOptions = {}): Promise<unknown> {
  checkLongOptions(options, 'statistics()')
  const reader = readerOf(this)
  return isOfColumns(options) ? columnStatisticsOf(reader, options) : statisticsOf(reader, options)
}

const isOfColumns = (options: WholeOptions | ColumnOptions): options is ColumnOptions =>
  options.axis !== undefined && options.axis !== null

LazyArray.prototype.statistics = statistics as LazyArray['statistics']
