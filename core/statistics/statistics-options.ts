import { NumPackError } from '../format/errors.ts'
import type { Progress } from '../system/progress.ts'
import type { HistogramOptions } from './accumulators/histogram.ts'
import type { Selection } from './region.ts'

/** Options of `LazyArray.statistics`; `S` is its result. */
export interface StatisticsOptions<S> extends Selection {
  /**
   * `null` (default): statistics of all elements. 0: per column, as arrays over the trailing axes. All axes but the
   * last, as [0, 1, 2]: per channel, as arrays over the last axis.
   */
  readonly axis?: null | 0 | readonly number[]
  /** Number of bins or full options; no histogram by default. */
  readonly histogram?: number | HistogramOptions
  /** Between 0 and 1; by default 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99. */
  readonly quantiles?: readonly number[]
  /** Whether quantiles of large arrays are exact, which may take several scans. Those of small arrays always are. */
  readonly exact?: boolean
  /** Whether to count distinct elements (default). */
  readonly distinct?: boolean
  /**
   * Number of threads. By default none for a small array, otherwise one fewer than the machine can run, which leaves
   * one for reading rows. At most twice as many as the machine can run (or 8) are started for all scans together.
   */
  readonly workers?: number | undefined
  /** What `workers` is for a large array by default. */
  readonly defaultWorkers?: number | undefined
  /** Rejects with `ABORTED` when aborted. */
  readonly signal?: AbortSignal | undefined
  /** Called several times a second. An exception cancels the computation and is its error. */
  readonly onProgress?: ((progress: StatisticsProgress<S>) => void) | undefined
}

/** How far a scan is, with its results so far. */
export interface StatisticsProgress<S> extends Progress {
  /** Statistics of the part read so far, which is spread over the whole array. */
  readonly figures: S
}

/** Computes the statistics of a progress report only on access: those of 100,000 columns take a while. */
export function progressWith<F>(progress: Progress, figures: () => F): StatisticsProgress<F> {
  let known: F | undefined
  return {
    ...progress,
    get figures() {
      return (known ??= figures())
    },
  }
}

export const DEFAULT_QUANTILES: readonly number[] = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

/** Limits the memory of a histogram; far more bins than a screen can show. */
const MAX_BINS = 65_536

export function checkStatisticsOptions(options: StatisticsOptions<never>): void {
  const { quantiles = [], histogram } = options
  for (const q of quantiles) if (!(q >= 0 && q <= 1)) throw argument(`quantiles are from 0 to 1, not ${String(q)}`)
  for (const workers of [options.workers, options.defaultWorkers]) {
    if (workers === undefined || (Number.isSafeInteger(workers) && workers > 0)) continue
    throw argument(`${String(workers)} workers are not possible; give a positive integer`)
  }
  if (histogram === undefined) return
  const { bins, range, scale = 'linear' } = typeof histogram === 'number' ? { bins: histogram } : histogram
  if (!(Number.isSafeInteger(bins) && bins > 0 && bins <= MAX_BINS)) {
    throw argument(`a histogram of ${String(bins)} bins is not possible; give an integer from 1 to ${MAX_BINS}`)
  }
  if (scale !== 'linear' && scale !== 'log') throw argument(`a histogram is 'linear' or 'log', not '${String(scale)}'`)
  if (range === undefined) return
  const [low, high] = range
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high)) {
    throw argument(`[${String(range)}] is no range of a histogram; give two finite numbers in ascending order`)
  }
  if (scale === 'log' && !(low > 0)) throw argument(`a logarithmic histogram begins above 0, not at ${low}`)
}

const argument = (message: string): NumPackError => new NumPackError('ARGUMENT', `statistics: ${message}`)
