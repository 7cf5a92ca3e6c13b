import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { StatThrottle } from './stat-throttle.ts'

let now = 0
beforeEach(() => {
  now = 1000
  vi.spyOn(performance, 'now').mockImplementation(() => now)
})
afterEach(() => {
  vi.restoreAllMocks()
})

test('quick calls share one look, for a millisecond; a pause ends the burst', () => {
  const throttle = new StatThrottle()
  const looksDuring = (calls: number, milliseconds: number): number => {
    let looks = 0
    for (let i = 0; i < calls; i++) {
      now += milliseconds
      if (throttle.shouldCheck()) {
        looks++
        throttle.checked()
      }
    }
    return looks
  }
  expect(looksDuring(1, 0)).toBe(1)
  expect(looksDuring(300, 0.003)).toBe(0)
  expect(looksDuring(1300, 0.003)).toBe(4)
  expect(looksDuring(10, 0.1)).toBe(10)
})

test('a look that takes long begins a burst all the same', () => {
  const throttle = new StatThrottle()
  expect(throttle.shouldCheck()).toBe(true)
  now += 0.05
  throttle.checked()
  now += 0.001
  expect(throttle.shouldCheck()).toBe(false)
})

test('a look that found something wrong is repeated by every call', () => {
  const throttle = new StatThrottle()
  throttle.shouldCheck()
  throttle.checked()
  now += 5
  expect([throttle.shouldCheck(), throttle.shouldCheck(), throttle.shouldCheck()]).toEqual([true, true, true])
})
