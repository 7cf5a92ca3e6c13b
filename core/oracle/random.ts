import { seedFrom } from '../test-support/seed.ts'

/** Seed of the random tests. `ORACLE_SEED=random` draws one; the test names show it. */
export const seed = seedFrom('ORACLE_SEED')

export const PATIENCE = 300_000

export interface Random {
  below(below: number): number
  pick<T>(items: readonly T[]): T
}

/** mulberry32 (Tommy Ettinger, public domain): 32 bits of state, good enough to scatter mutations. */
export function randomFrom(start: number): Random {
  let state = start >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, pick: items => items[below(items.length)]! }
}
