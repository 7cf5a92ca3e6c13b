import { LIMITS } from '../format/limits.ts'

/** Returns whether `work` ends within `LIMITS.endMilliseconds`. Rejects if it fails in that time. */
export async function endsInTime(work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), LIMITS.endMilliseconds)
  const hasEnded = await Promise.race([work.then(() => true), promise])
  clearTimeout(timer)
  return hasEnded
}
