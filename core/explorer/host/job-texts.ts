import { LIMITS } from '../../format/limits.ts'
import { shortenMiddle } from '../../format/short-text.ts'
import type { ExplorerEvent, Task } from '../contract/types.ts'

/**
 * Bounds the texts of jobs. Every window gets the whole list of jobs in one message, and their paths, which occur in
 * errors again, may be of any length and take six times as much as JSON.
 */

const MOST = LIMITS.jobTextCharacters

/** Shortens the texts of an object, and leaves out other values that are as long. */
const shortenTexts = <T>(values: T): T =>
  Object.fromEntries(
    Object.entries(values as Record<string, unknown>).flatMap(([key, value]): [string, unknown][] => {
      if (typeof value === 'string') return [[key, shortenMiddle(value, MOST)]]
      return (JSON.stringify(value)?.length ?? 0) > MOST ? [] : [[key, value]]
    }),
  ) as T

/** Returns a job as windows get it: without the middle of long paths and messages. */
export const shortenJob = <T extends Task>(job: T): T => ({
  ...job,
  params: shortenTexts(job.params),
  error: job.error && {
    ...job.error,
    message: shortenMiddle(job.error.message, MOST),
    details: shortenTexts(job.error.details),
  },
})

/** As `shortenJob`, for an event about a job. */
export const shortenJobEvent = (event: ExplorerEvent): ExplorerEvent =>
  event.type === 'taskChanged' ? { ...event, task: shortenJob(event.task) } : event
