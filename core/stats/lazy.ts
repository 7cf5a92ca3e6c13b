import { LazyArray, readerOf } from '../storage/lazy.ts'
import type { Statistics } from './figures.ts'
import type { StatisticsOptions } from './options.ts'
import { statisticsOf } from './statistics.ts'

declare module '../storage/lazy.ts' {
  interface LazyArray {
    /**
     * Figures of the elements, or of a selection of them: counts, extremes, sums, quantiles, a histogram. What they are is
     * said at `Statistics`. Rejects with `ARGUMENT`, `INDEX`, `ABORTED`, `CHANGED_ON_DISK`, `CLOSED` or `IO`.
     */
    statistics(options?: StatisticsOptions<Statistics>): Promise<Statistics>
  }
}

LazyArray.prototype.statistics = async function statistics(options = {}) {
  return statisticsOf(readerOf(this), options)
}
