import { z } from 'zod'
import { DTYPES } from '../../format/dtype.ts'
import { LIMITS } from '../../format/limits.ts'
import { PARTS } from '../../format/numbers.ts'
import { Count, Name, Range, StoreId } from './basics.ts'
import { RowSetName } from './stores.ts'

/** Params and results of tasks that read elements for plots and images. */

/**
 * The extremes of lines through an array, bucket by bucket. Bytes of the result: for each line, for each bucket that
 * `range` touches, four float64: minimum, maximum, position of the first minimum and of the first maximum; NaN when no
 * value is finite or none was read yet.
 */
export const LinesParams = z
  .object({
    store: StoreId,
    array: Name,
    generation: Count,
    rowSet: RowSetName,
    /** A line along the rows is a column; a line along the columns (the last axis) is a row. */
    along: z.enum(['rows', 'columns']),
    /** Column numbers, or positions in the row set; each once. */
    lines: z
      .array(Count)
      .min(1)
      .max(LIMITS.plotLines)
      .refine(lines => new Set(lines).size === lines.length, { message: 'a line is given once' }),
    /** Indices along the middle axes. */
    index: z.array(Count).max(LIMITS.axes),
    /** Positions along the lines. */
    range: Range,
    /** Bucket b holds the positions [b * bucket, (b + 1) * bucket). */
    bucket: z.int().positive(),
    part: z.enum(PARTS),
  })
  .refine(({ range: [start, stop], bucket }) => (stop - start) / bucket < LIMITS.plotBuckets - 1, {
    message: `a line has at most ${LIMITS.plotBuckets} buckets`,
  })

/** `count` indices along an axis, `step` apart. */
const AxisSteps = z.object({ start: Count, count: Count, step: z.int().positive() })

/**
 * Evenly spaced elements along every axis; the first axis counts positions in the row set. Bytes of the result: the elements
 * in C order, zeros where none were read yet.
 */
export const SampleParams = z.object({
  store: StoreId,
  array: Name,
  generation: Count,
  rowSet: RowSetName,
  axes: z.array(AxisSteps).max(LIMITS.axes),
})

/** What a task has read: `done` counts the positions of `lines`, the elements of a `sample`. */
export const Reading = z.object({ dtype: z.enum(DTYPES), done: Count })
