/**
 * Returns the seed of random tests from an environment variable: a number repeats a run, `random` draws a new seed. The
 * default is 1, so that `npm test` always does the same.
 */
export function seedFrom(variable: string): number {
  const value = process.env[variable] ?? '1'
  if (value === 'random') return Date.now() % 2 ** 31
  const seed = Number(value)
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`${variable} is a whole number from 0 on, or random; it is '${value}'.`)
  return seed
}
