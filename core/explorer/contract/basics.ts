import { z } from 'zod'

/** What requests and replies of all kinds are made of. */

export const Path = z.string().min(1).max(32_767)
export const Count = z.int().nonnegative()

/** What a file inside a package is really compressed with. */
export const Codec = z.enum(['raw', 'zstd', 'zlib', 'unknown'])

export const ErrorBody = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
})
