import type { ColumnTally } from './columns.ts'
import type { Edges } from './histogram.ts'
import type { RealDType } from './keys.ts'
import type { Survey, SurveyCounts } from './survey.ts'
import type { Tally } from './tally.ts'

/** Elements are read and counted in blocks of up to this many bytes. */
export const BLOCK_BYTES = 2 ** 20

/** What the first scan is to find out, beside counts, extremes and sums. */
export interface Wanted {
  /** Counts in bins, for quantiles. dtypes of up to 16 bits have them always. */
  readonly bins: boolean
  /** HyperLogLog's registers. */
  readonly distinct: boolean
  /** Counts between edges that are known beforehand. dtypes of up to 16 bits need none: their bins are values. */
  readonly histogram: Edges | null
}

/** Something that looks at blocks of elements. They are read into `input`, which begins at a multiple of 16 bytes. */
interface BlockKernel {
  /** BLOCK_BYTES bytes. The view is valid until the next call. */
  readonly input: Uint8Array
}

/** Tallies the elements of one dtype. */
export interface TallyKernel extends BlockKernel {
  /** The first `count` elements in `input` are the elements `first`, `first + 1`, ... of those scanned. */
  add(count: number, first: number): void
  /** The tally of everything so far. */
  tally(): Tally
}

/** Counts the elements of one dtype for a survey. */
export interface SurveyKernel extends BlockKernel {
  add(count: number): void
  /** The counts of everything so far. */
  counts(): SurveyCounts
}

/** Tallies the columns of one dtype. */
export interface ColumnKernel extends BlockKernel {
  /**
   * In `input` lie `rows` rows of `columns` elements of the columns from `from` (even) on. The first is element number
   * `first`; elements below each other are `step` apart.
   */
  add(rows: number, columns: number, from: number, first: number, step: number): void
  /** The tally of everything so far. */
  columns(): ColumnTally
}

/** Makes kernels: in WebAssembly where it has SIMD, in JavaScript elsewhere. Both find exactly the same. */
export interface Kernels {
  tally(dtype: RealDType, wanted: Wanted): TallyKernel
  survey(dtype: RealDType, survey: Survey): SurveyKernel
  /** `centers`: a number of each column, about where most of it lies; 0 for dtypes whose elements float32 holds. */
  columns(dtype: RealDType, centers: Float64Array): ColumnKernel
}
