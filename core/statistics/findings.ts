import type { Block } from './blocks.ts'
import { type ColumnPrints, mergePrints } from './column-prints.ts'
import { type ColumnTally, mergeColumns } from './accumulators/columns.ts'
import type { Wanted } from './accumulators/kernel.ts'
import { addCounts, type Survey, type SurveyCounts } from './accumulators/survey.ts'
import { mergeTallies, type Tally } from './accumulators/tally.ts'

/** What one look at every element of a region is to find. Plain data. */
export type Task =
  | { readonly kind: 'tally'; readonly wanted: Wanted }
  /** A survey for each component: one, or magnitude and phase of complex dtypes. */
  | { readonly kind: 'survey'; readonly surveys: readonly Survey[] }
  /** Centers of columns, for each component: see columns.ts. A run of a region has as many columns, or a multiple. */
  | { readonly kind: 'columns'; readonly centers: readonly Float64Array[] }
  /** Numbers of columns, ascending, whose elements are to be told apart. */
  | { readonly kind: 'prints'; readonly columns: Int32Array }

/** What was found. Plain data; `mergeFindings` joins those of parts. */
export type Findings =
  | { readonly kind: 'tally'; readonly tallies: readonly Tally[] }
  | { readonly kind: 'survey'; readonly counts: readonly SurveyCounts[] }
  | { readonly kind: 'columns'; readonly columns: readonly ColumnTally[] }
  | { readonly kind: 'prints'; readonly prints: ColumnPrints }

/** A look at the elements of a region, block by block. */
export interface Pass {
  /** Where the next block is to be read to. */
  memory(): Uint8Array
  /** Looks at the block that was read. */
  take(block: Block): void
  /** A copy of what was found so far. */
  findings(): Findings
}

/** The memory of findings, to hand them to another thread without copying. */
export function buffersOf(findings: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(findings)) return [findings.buffer as ArrayBuffer]
  return typeof findings === 'object' && findings !== null ? Object.values(findings).flatMap(buffersOf) : []
}

/** The findings of parts that have no element in common. At least one. */
export function mergeFindings(parts: readonly Findings[]): Findings {
  return parts.reduce((a, b) => {
    if (a.kind === 'tally' && b.kind === 'tally') {
      return { kind: 'tally', tallies: a.tallies.map((tally, i) => mergeTallies(tally, b.tallies[i] as Tally)) }
    }
    if (a.kind === 'survey' && b.kind === 'survey') {
      return { kind: 'survey', counts: a.counts.map((counts, i) => addCounts(counts, b.counts[i] as SurveyCounts)) }
    }
    if (a.kind === 'columns' && b.kind === 'columns') {
      return { kind: 'columns', columns: a.columns.map((tally, i) => mergeColumns(tally, b.columns[i] as ColumnTally)) }
    }
    if (a.kind === 'prints' && b.kind === 'prints') return { kind: 'prints', prints: mergePrints(a.prints, b.prints) }
    throw new TypeError('findings of different tasks do not merge')
  })
}
