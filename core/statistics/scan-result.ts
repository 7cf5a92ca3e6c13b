import type { ScanBlock } from './read-blocks.ts'
import { type ColumnHashes, mergeColumnHashes } from './column-hashes.ts'
import { type ColumnAccumulator, mergeColumns } from './accumulators/column-accumulator.ts'
import type { Wanted } from './accumulators/kernel.ts'
import { addCounts, type RefinementPass, type RefinementCounts } from './accumulators/refinement-pass.ts'
import { mergeAccumulators, type Accumulator } from './accumulators/accumulator.ts'

/** What one scan of a region computes. Plain data. */
export type ScanTask =
  | { readonly kind: 'accumulator'; readonly wanted: Wanted }
  /** One refinement pass per component: one for real dtypes, magnitude and phase for complex ones. */
  | { readonly kind: 'refinement'; readonly passes: readonly RefinementPass[] }
  /**
   * Shifts of the columns, per component: see column-accumulator.ts. A row of the region has as many elements as
   * columns, or a multiple.
   */
  | { readonly kind: 'columns'; readonly shifts: readonly Float64Array[] }
  /** Ascending numbers of the columns to hash. */
  | { readonly kind: 'hashes'; readonly columns: Int32Array }

/** Result of a scan. Plain data; `mergeScanResults` merges the results of parts. */
export type ScanResult =
  | { readonly kind: 'accumulator'; readonly accumulators: readonly Accumulator[] }
  | { readonly kind: 'refinement'; readonly counts: readonly RefinementCounts[] }
  | { readonly kind: 'columns'; readonly columns: readonly ColumnAccumulator[] }
  | { readonly kind: 'hashes'; readonly hashes: ColumnHashes }

/** Processes the elements of a region block by block. */
export interface Scanner {
  /** Returns the buffer for the next block. */
  memory(): Uint8Array
  take(block: ScanBlock): void
  /** Returns a copy of the result so far. */
  result(): ScanResult
}

/** Returns the buffers of a result, for transfer to another thread without copying. */
export function buffersOf(result: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(result)) return [result.buffer as ArrayBuffer]
  return typeof result === 'object' && result !== null ? Object.values(result).flatMap(buffersOf) : []
}

/** Merges the results of one or more parts that share no element. */
export function mergeScanResults(parts: readonly ScanResult[]): ScanResult {
  return parts.reduce((a, b) => {
    if (a.kind === 'accumulator' && b.kind === 'accumulator') {
      return {
        kind: 'accumulator',
        accumulators: a.accumulators.map((accumulator, i) =>
          mergeAccumulators(accumulator, b.accumulators[i] as Accumulator),
        ),
      }
    }
    if (a.kind === 'refinement' && b.kind === 'refinement') {
      return {
        kind: 'refinement',
        counts: a.counts.map((counts, i) => addCounts(counts, b.counts[i] as RefinementCounts)),
      }
    }
    if (a.kind === 'columns' && b.kind === 'columns') {
      return {
        kind: 'columns',
        columns: a.columns.map((accumulator, i) => mergeColumns(accumulator, b.columns[i] as ColumnAccumulator)),
      }
    }
    if (a.kind === 'hashes' && b.kind === 'hashes')
      return { kind: 'hashes', hashes: mergeColumnHashes(a.hashes, b.hashes) }
    throw new TypeError('results of different tasks cannot be merged')
  })
}
