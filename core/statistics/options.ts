import { NumPackError } from '../format/errors.ts'
import type { Progress } from '../system/progress.ts'
import type { HistogramOptions } from './accumulators/histogram.ts'
import type { Selection } from './region.ts'

/** What `statistics` takes. */
export interface StatisticsOptions<Figures> extends Selection {
  /**
   * `null` (default): figures of all elements. 0: of each column, as arrays over the trailing axes. All axes but the last,
   * as [0, 1, 2]: of each channel, as arrays over the last axis.
   */
  readonly axis?: null | 0 | readonly number[]
  /** How many bins, or which; none by default. */
  readonly histogram?: number | HistogramOptions
  /** From 0 to 1; by default 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99. */
  readonly quantiles?: readonly number[]
  /** Whether quantiles of a large array are to be exact, however often it has to be read. Those of small ones always are. */
  readonly exact?: boolean
  /** Whether different elements are counted (default). */
  readonly distinct?: boolean
  /**
   * Threads that work on it. By default none for a small array, else one fewer than the machine runs at once, so that who reads
   * rows meanwhile has one to itself.
   */
  readonly workers?: number
  /** Cancels: rejects with `ABORTED`. */
  readonly signal?: AbortSignal | undefined
  /** Called several times a second. What it throws cancels, and is the error. */
  readonly onProgress?: ((progress: StatisticsProgress<Figures>) => void) | undefined
}

/** How far statistics are. */
export interface StatisticsProgress<Figures> extends Progress {
  /** Figures of what was read so far, which is spread over the whole array; their counts are of that part. */
  readonly figures: Figures
}

/** Progress whose figures are worked out only if somebody looks at them: those of 100,000 columns take a while. */
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

/** More bins than anybody can see, and a limit on what they take. */
const MAX_BINS = 65_536

/** Throws `ARGUMENT` for options that make no sense. */
export function checkStatisticsOptions(options: StatisticsOptions<never>): void {
  const { quantiles = [], workers, histogram } = options
  for (const q of quantiles) if (!(q >= 0 && q <= 1)) throw argument(`quantiles are from 0 to 1, not ${String(q)}`)
  if (workers !== undefined && !(Number.isSafeInteger(workers) && workers > 0)) {
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
