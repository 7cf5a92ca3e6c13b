import { z } from 'zod'
import { DTYPES } from '../../format/dtype.ts'
import { LIMITS } from '../../format/limits.ts'
import { Count, Name, Range, StoreId } from './basics.ts'
import { View } from './stores.ts'

/** Figures of an array's elements as a window gets them: see `Statistics` of core/statistics, which they come from. */

const Histogram = z.object({
  /** One more than counts. */
  edges: z.array(z.number()),
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
  /** Texts in the dtype's full precision; null where no element is finite. */
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Position in the view, then the index along the other axes. */
  minAt: z.array(Count).nullable(),
  maxAt: z.array(Count).nullable(),
  /** null for complex numbers. */
  sum: z.string().nullable(),
  mean: z.number().nullable(),
  std: z.number().nullable(),
  quantiles: z.array(z.object({ q: z.number(), value: z.number(), exact: z.boolean() })),
  histogram: Histogram.nullable(),
  valueCounts: z.array(z.object({ value: z.string(), count: Count })).nullable(),
  /** Only a part of the elements has been looked at. */
  partial: z.boolean(),
})

/** Of one channel's elements: how many are NaN, and the finite ones' figures, null where there are none. */
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
  /** Red, green, blue (and alpha) of an array that looks like pictures; null for others and as long as they aren't known. */
  channels: z.array(Channel).nullable(),
})

/** Which figures of which elements: `index` and the ranges choose a part of the array; null for all of it. */
export const StatisticsParams = z.object({
  store: StoreId,
  array: Name,
  /** The array's generation as the window knows it: figures of an older one are not shared. */
  generation: Count,
  view: View,
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
  view: View,
  /** Columns along the last axis, at most `LIMITS.columnsPage`; those beyond the array's end are left out. */
  columns: Range.refine(([start, stop]) => stop - start <= LIMITS.columnsPage, {
    message: `at most ${LIMITS.columnsPage} columns have their figures in one answer`,
  }),
  /** Indices along the middle axes. */
  index: z.array(Count).max(LIMITS.axes),
})
