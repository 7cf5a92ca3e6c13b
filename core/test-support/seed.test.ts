import { afterEach, expect, test, vi } from 'vitest'
import { seedFrom } from './seed.ts'

afterEach(() => vi.unstubAllEnvs())

test('random tests use the same seed in every run if the variable is not set', () => {
  expect(seedFrom('UNSET_SEED')).toBe(1)
})

test('a number in the variable becomes the seed', () => {
  vi.stubEnv('SOME_SEED', '1234')
  expect(seedFrom('SOME_SEED')).toBe(1234)
})

test('the word random draws a new seed', () => {
  vi.stubEnv('SOME_SEED', 'random')
  vi.spyOn(Date, 'now').mockReturnValueOnce(2 ** 31 + 7)
  expect(seedFrom('SOME_SEED')).toBe(7)
})

test.each(['x', '-1', '1.5'])('%s is refused as a seed', value => {
  vi.stubEnv('SOME_SEED', value)
  expect(() => seedFrom('SOME_SEED')).toThrow('SOME_SEED')
})
