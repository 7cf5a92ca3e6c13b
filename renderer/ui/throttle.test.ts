import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { throttle } from './throttle.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('a throttled function runs at once, and calls in between become one at the end', () => {
  const run = vi.fn<() => void>()
  const throttled = throttle(run, 60)
  throttled()
  expect(run).toHaveBeenCalledTimes(1)
  for (let i = 0; i < 5; i++) throttled()
  expect(run).toHaveBeenCalledTimes(1)
  vi.advanceTimersByTime(60)
  expect(run).toHaveBeenCalledTimes(2)
  vi.advanceTimersByTime(600)
  expect(run).toHaveBeenCalledTimes(2)
})

test('a cancelled throttled call does not run', () => {
  const run = vi.fn<() => void>()
  const throttled = throttle(run, 60)
  throttled()
  throttled()
  throttled.cancel()
  vi.advanceTimersByTime(600)
  expect(run).toHaveBeenCalledTimes(1)
})
