import { type ErrorCode, NumPackError, UNEXPECTED_ERROR } from '../format/errors.ts'
import type { Random } from '../oracle/random.ts'

/** Prepares an attack, whose runs use files in `folder` only. A module of an attack exports it as `startAttack`. */
export type StartAttack = (folder: string) => Attack | Promise<Attack>

/** Many similar runs. Each depends only on its number and the seed, so that it can be repeated alone. */
export interface Attack {
  /** Performs one run and returns its outcome, for counting. Throws if the program did something forbidden. */
  run(random: Random, number: number): string | Promise<string>
  end?(): void | Promise<void>
}

/** Returns the code of the typed error that `work` throws, or null if it succeeds. Any other error is a fault. */
export function allowTypedError(work: () => unknown): ErrorCode | null {
  try {
    work()
    return null
  } catch (error) {
    return requireCode(error)
  }
}

export async function allowTypedErrorAsync(work: () => Promise<unknown>): Promise<ErrorCode | null> {
  try {
    await work()
    return null
  } catch (error) {
    return requireCode(error)
  }
}

function requireCode(error: unknown): ErrorCode {
  if (error instanceof NumPackError && !error.message.includes(UNEXPECTED_ERROR)) return error.code
  throw new Error('an error that is not typed', { cause: error })
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by ${describeError(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}

/** Returns a text that faults from one line of the program share: where the innermost error was thrown. */
export function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return signatureOf(error.cause)
  const frame = (error.stack ?? '').split('\n').find(isProgramFrame)
  return `${error.name} ${frame ?? error.message.slice(0, 60)}`
}

const isProgramFrame = (line: string): boolean => /\/core\/(?!attack\/)/.test(line) && !line.includes('node_modules')
