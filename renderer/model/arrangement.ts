import type { Arrangement } from '../../core/explorer/contract/types.ts'
import { LIMITS } from '../../core/format/limits.ts'
import type { OpenStore } from './session.ts'

/** Characters of an arrangement's JSON around its entries, and more. */
const FRAME = 100

/** Returns the latest entries whose JSON fits into `characters`. */
function latest<T>(entries: ReadonlyMap<string, T>, characters: number): [string, T][] {
  let left = characters
  const kept = [...entries].toReversed().filter(entry => {
    const { length } = JSON.stringify(entry)
    if (length >= left) return false
    left -= length + 1
    return true
  })
  return kept.toReversed()
}

const isEmpty = (state: unknown): boolean => JSON.stringify(state) === '{}'

/** Returns what the host keeps of a store for its next opening. */
export function arrangementOf({ locations, viewStates }: OpenStore): Arrangement {
  const half = (LIMITS.arrangementCharacters - FRAME) / 2
  const chosen = new Map([...viewStates].filter(([, state]) => !isEmpty(state)))
  return { locations: latest(locations, half), viewStates: latest(chosen, half) as Arrangement['viewStates'] }
}

/** Sets an entry and makes it the latest one. */
export function setLatest<T>(entries: Map<string, T>, key: string, value: T): Map<string, T> {
  entries.delete(key)
  return entries.set(key, value)
}
