/** Seed of random tests: a number repeats a run, `random` draws one; 1 by default, so that runs are the same. */
export function seedFrom(variable: string): number {
  const value = process.env[variable] ?? '1'
  if (value === 'random') return Date.now() % 2 ** 31
  const seed = Number(value)
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`${variable} is a whole number from 0 on, or random; it is '${value}'.`)
  return seed
}
