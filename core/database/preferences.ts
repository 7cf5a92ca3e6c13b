import { isBounded } from '../format/bounded.ts'
import { NumPackError } from '../format/errors.ts'
import { LIMITS } from '../format/limits.ts'
import type { Json } from './recents.ts'

const BOUNDS = { depth: LIMITS.messageDepth, values: LIMITS.messageValues, characters: LIMITS.preferenceBytes }

/** Encodes a preference as JSON. Throws `ARGUMENT` if it is too large. */
export function encodePreference(key: string, value: Json): string {
  const text = isBounded(value, BOUNDS) ? JSON.stringify(value) : null
  if (text !== null && Buffer.byteLength(text) <= LIMITS.preferenceBytes) return text
  throw new NumPackError(
    'ARGUMENT',
    `The preference ${JSON.stringify(key)} is too large: at most ${LIMITS.preferenceBytes} bytes of JSON are kept.`,
    { key, limit: LIMITS.preferenceBytes },
  )
}

/** Decodes a stored preference; undefined if it exceeds this version's limits. */
export function decodePreference(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json
    return isBounded(value, BOUNDS) ? value : undefined
  } catch {
    return undefined
  }
}

/** Throws `ARGUMENT` if `count` have reached the limit. */
export function checkRoom(what: string, count: number, limit: number): void {
  if (count < limit) return
  throw new NumPackError('ARGUMENT', `At most ${limit} ${what} are kept.`, { limit })
}
