import { LIMITS } from '../format/limits.ts'

export async function endsInTime(work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), LIMITS.endMilliseconds)
  const hasEnded = await Promise.race([work.then(() => true), promise])
  clearTimeout(timer)
  return hasEnded
}
