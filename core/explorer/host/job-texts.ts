import type { PlainError } from '../../format/errors.ts'
import { LIMITS } from '../../format/limits.ts'
import { shortenMiddle } from '../../format/short-text.ts'
import type { JobRequest } from '../contract/types.ts'

/**
 * Bounds the texts of tasks. Every window gets the whole list of jobs in one message, and their paths, which occur in
 * errors again, may be of any length and take six times as much as JSON.
 */

const MOST = LIMITS.jobTextCharacters

const listed = <T>(values: T): T =>
  Object.fromEntries(
    Object.entries(values as Record<string, unknown>).flatMap(([key, value]): [string, unknown][] => {
      if (typeof value === 'string') return [[key, shortenMiddle(value, MOST)]]
      return (JSON.stringify(value)?.length ?? 0) > MOST ? [] : [[key, value]]
    }),
  ) as T

/** Returns a request as the list of jobs shows it: without the middle of long paths. */
export const listedRequest = (request: JobRequest): JobRequest =>
  ({ ...request, params: listed(request.params) }) as JobRequest

export const listedError = ({ code, message, details }: PlainError): PlainError => ({
  code,
  message: shortenMiddle(message, MOST),
  details: listed(details),
})
