import { z } from 'zod'
import { DTYPES } from '../../format/dtype.ts'
import { LIMITS } from '../../format/limits.ts'
import { Count, Name, Range, StoreId } from './basics.ts'
import { RowSetName } from './stores.ts'

/** Statistics as windows get them: the fields of `Statistics` in core/statistics, with exact numbers as text. */

const Histogram = z.object({
  /**
   * Edges of the bins, one more than `counts`, as text in full precision. If all elements are equal, both edges are that
   * value. Bin i of integers holds those from `edges[i]` up to, but not including, `edges[i + 1]`.
   */
  edges: z.array(z.string()),
  counts: z.array(Count),
  below: Count,
  above: Count,
  scale: z.enum(['linear', 'log']),
  exact: z.boolean(),
})

export const RealFigures = z.object({
  dtype: z.enum(DTYPES),
  count: Count,
  nan: Count,
  positiveInfinity: Count,
  negativeInfinity: Count,
  finite: Count,
  zeros: Count,
  distinct: z.object({ value: Count, exact: z.boolean() }).nullable(),
  /** Text in the dtype's full precision; null when no element is finite. */
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Position in the row set, then the index along the other axes. */
  minAt: z.array(Count).nullable(),
  maxAt: z.array(Count).nullable(),
  /** null for complex dtypes. */
  sum: z.string().nullable(),
  /** Text in full precision, as those of quantiles. */
  mean: z.string().nullable(),
  std: z.number().nullable(),
  quantiles: z.array(z.object({ q: z.number(), value: z.string(), exact: z.boolean() })),
  histogram: Histogram.nullable(),
  valueCounts: z.array(z.object({ value: z.string(), count: Count })).nullable(),
  /** Whether only part of the elements has been read. */
  partial: z.boolean(),
})

/** Statistics of one channel: all but `nan` are of its finite elements, and null when there are none. */
const Channel = z.object({
  nan: Count,
  min: z.string().nullable(),
  max: z.string().nullable(),
  mean: z.number().nullable(),
  std: z.number().nullable(),
})

export const Figures = RealFigures.extend({
  magnitude: RealFigures.nullable(),
  phase: RealFigures.nullable(),
  /** Red, green, blue (and alpha) of an array that looks like pictures; null for others and until they are known. */
  channels: z.array(Channel).nullable(),
})

/** Which statistics of which elements. `rows`, `columns` and `index` choose a part of the array; null takes all. */
export const StatisticsParams = z.object({
  store: StoreId,
  array: Name,
  /** The array's generation in the window: windows share a task only if it is the same. */
  generation: Count,
  rowSet: RowSetName,
  rows: Range.nullable(),
  columns: Range.nullable(),
  index: z.array(Count).max(LIMITS.axes).nullable(),
  /** Bins of the histogram. */
  bins: z.int().min(1).max(1024),
  scale: z.enum(['linear', 'log']),
})

export const ColumnStatisticsParams = z.object({
  store: StoreId,
  array: Name,
  generation: Count,
  rowSet: RowSetName,
  /** Columns along the last axis, at most `LIMITS.columnsPage`. The result leaves out those beyond the array's end. */
  columns: Range.refine(([start, stop]) => stop - start <= LIMITS.columnsPage, {
    message: `at most ${LIMITS.columnsPage} columns have their statistics in one reply`,
  }),
  /** Indices along the middle axes. */
  index: z.array(Count).max(LIMITS.axes),
})
