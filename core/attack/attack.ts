import { NumPackError } from '../format/errors.ts'
import type { Random } from '../oracle/random.ts'

export type StartAttack = (folder: string) => Attack | Promise<Attack>

/** Many similar runs. Each depends only on its number and the seed, so that it can be repeated alone. */
export interface Attack {
  /** Performs one run and returns its outcome, for counting. Throws if the program did something forbidden. */
  run(random: Random, number: number): string | Promise<string>
  end?(): void | Promise<void>
}

export const UNFORESEEN = 'not expected'

function codeOfTyped(error: unknown): string {
  if (error instanceof NumPackError && !error.message.includes(UNFORESEEN)) return error.code
  throw new Error('an error that is not typed', { cause: error })
}

export function attempt(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    return codeOfTyped(error)
  }
}

export async function attemptLong(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    return codeOfTyped(error)
  }
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by ${describeError(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}

const isOwn = (line: string): boolean => /\/core\/(?!attack\/)/.test(line) && !line.includes('node_modules')

/** Returns what faults of one kind share: the place where the innermost error was thrown. */
export function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return signatureOf(error.cause)
  const frame = (error.stack ?? '').split('\n').find(isOwn)
  return `${error.name} ${frame ?? error.message.slice(0, 60)}`
}
