import { LIMITS } from '../format/limits.ts'

/** Whether work that was told to end has ended before the program stops waiting for it. */
export async function endsInTime(work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), LIMITS.endMilliseconds)
  const hasEnded = await Promise.race([work.then(() => true), promise])
  clearTimeout(timer)
  return hasEnded
}
