import { NumPackError } from '../format/errors.ts'
import type { Random } from '../oracle/random.ts'

/** What an attack module exports as `startAttack`: it is given a new folder of its own. */
export type StartAttack = (folder: string) => Attack | Promise<Attack>

/** Many runs that are alike. Each depends on its number and the seed alone, so that it can be done again by itself. */
export interface Attack {
  /** Does one run and returns what became of it, to be counted. Throws when the program did what it must not do. */
  run(random: Random, number: number): string | Promise<string>
  /** Closes what is open. Throws when something is left over. */
  end?(): void | Promise<void>
}

/** The message of errors that the program did not foresee. */
export const UNFORESEEN = 'not expected'

/** The code of a typed error. Throws when it is another one. */
function codeOfTyped(error: unknown): string {
  if (error instanceof NumPackError && !error.message.includes(UNFORESEEN)) return error.code
  throw new Error('an error that is not typed', { cause: error })
}

/** Calls `work`; returns the code of its typed error, or null. Throws every other error. */
export function attempt(work: () => unknown): string | null {
  try {
    work()
    return null
  } catch (error) {
    return codeOfTyped(error)
  }
}

/** As `attempt`, for work that takes time. */
export async function attemptLong(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    return codeOfTyped(error)
  }
}

/** An error with all of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `\ncaused by ${describeError(error.cause)}`
  return `${error.stack ?? error.message}${cause}`
}

const isOwn = (line: string): boolean => /\/core\/(?!attack\/)/.test(line) && !line.includes('node_modules')

/** What faults of one kind have in common: where the innermost error was thrown. */
export function signatureOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return signatureOf(error.cause)
  const frame = (error.stack ?? '').split('\n').find(isOwn)
  return `${error.name} ${frame ?? error.message.slice(0, 60)}`
}
