import { z } from 'zod'
import { isJson } from '../../format/bounded.ts'
import { LIMITS } from '../../format/limits.ts'

export const Path = z.string().min(1).max(32_767)
export const Count = z.int().nonnegative()

/** Any JSON value. The check stops at the first invalid part; zod's own schema collects the errors of all parts. */
export const Json = z.custom<z.core.util.JSONType>(isJson, 'must be JSON')

export const Codec = z.enum(['raw', 'zstd', 'zlib', 'unknown'])

export const ErrorBody = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
})

/** Of an array: one that is too long for a file is cut off. */
export const Name = z.string().max(2 * LIMITS.textBytes)
export const StoreId = z.int().nonnegative()
export const Range = z
  .tuple([Count, Count])
  .refine(([start, stop]) => start <= stop, { message: 'a range is [start, stop) with start <= stop' })
