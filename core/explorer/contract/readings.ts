import { z } from 'zod'
import { DTYPES } from '../../format/dtype.ts'
import { LIMITS } from '../../format/limits.ts'
import { PARTS } from '../../format/numbers.ts'
import { Count, Name, Range, StoreId } from './basics.ts'
import { RowSetName } from './stores.ts'

/**
 * Extremes of lines. Bytes of the result: for each line and bucket that `range` touches, minimum, maximum and their
 * first positions as float64; NaN when no value is finite or none was read yet.
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
    range: Range,
    /** Bucket b holds the positions [b * bucket, (b + 1) * bucket). */
    bucket: z.int().positive(),
    part: z.enum(PARTS),
  })
  .refine(({ range: [start, stop], bucket }) => (stop - start) / bucket < LIMITS.plotBuckets - 1, {
    message: `a line has at most ${LIMITS.plotBuckets} buckets`,
  })

const AxisSteps = z.object({ start: Count, count: Count, step: z.int().positive() })

/** The first axis counts positions in the row set. Bytes: elements in C order, zeros where none were read yet. */
export const SampleParams = z.object({
  store: StoreId,
  array: Name,
  generation: Count,
  rowSet: RowSetName,
  axes: z.array(AxisSteps).max(LIMITS.axes),
})

/** What a task has read: `done` counts the positions of `lines`, the elements of a `sample`. */
export const Reading = z.object({ dtype: z.enum(DTYPES), done: Count })
