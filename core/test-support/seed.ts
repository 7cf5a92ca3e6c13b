/**
 * The seed of random tests, from an environment variable: its number repeats a run, `random` draws a new seed. Without it
 * the seed is 1, so that `npm test` does the same each time.
 */
export function seedFrom(variable: string): number {
  const value = process.env[variable] ?? '1'
  if (value === 'random') return Date.now() % 2 ** 31
  const seed = Number(value)
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`${variable} is a whole number from 0 on, or random; it is '${value}'.`)
  return seed
}
