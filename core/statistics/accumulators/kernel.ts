import type { ColumnAccumulator } from './column-accumulator.ts'
import type { Edges } from './histogram.ts'
import type { RealDType } from './sort-keys.ts'
import type { RefinementPass, RefinementCounts } from './refinement-pass.ts'
import type { Accumulator } from './accumulator.ts'

/** Size of the blocks that kernels process. */
export const BLOCK_BYTES = 2 ** 20

/** Optional results of the first scan, besides counts, extremes and sums. */
export interface Wanted {
  /** Counts in bins, for quantiles. dtypes of up to 16 bits always have them. */
  readonly bins: boolean
  readonly distinct: boolean
  /** Edges known before the scan. dtypes of up to 16 bits need none: each of their bins is one value. */
  readonly histogram: Edges | null
}

interface BlockKernel {
  /** Block buffer: BLOCK_BYTES long, 16-byte aligned, valid until the next call. */
  readonly input: Uint8Array
}

export interface AccumulatorKernel extends BlockKernel {
  /** Adds the first `count` elements in `input`; the first one has number `first` among those scanned. */
  add(count: number, first: number): void
  accumulator(): Accumulator
}

/** Counts elements in the ranges and the histogram of a refinement pass. */
export interface RefinementKernel extends BlockKernel {
  add(count: number): void
  counts(): RefinementCounts
}

export interface ColumnKernel extends BlockKernel {
  /**
   * Adds `rows` × `columns` elements in `input`, starting at column `from` (even). The first element has number
   * `first`; elements in consecutive rows are `step` apart.
   */
  add(rows: number, columns: number, from: number, first: number, step: number): void
  columns(): ColumnAccumulator
}

/** Creates kernels: WebAssembly where SIMD is available, JavaScript otherwise. Both give identical results. */
export interface Kernels {
  accumulator(dtype: RealDType, wanted: Wanted): AccumulatorKernel
  refinement(dtype: RealDType, refinement: RefinementPass): RefinementKernel
  /** `shifts` holds one number per column near most of its values; 0 for dtypes that fit float32. */
  columns(dtype: RealDType, shifts: Float64Array): ColumnKernel
}
