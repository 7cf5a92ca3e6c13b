import { expect, test } from 'vitest'
import { nextZoom } from './zoom.ts'

test('zooming goes in steps, ends at a least and a most size, and can be undone', () => {
  expect([nextZoom(0, 'in'), nextZoom(0, 'out'), nextZoom(3, 'reset')]).toEqual([1, -1, 0])
  let [least, most] = [0, 0]
  for (let i = 0; i < 30; i++) [least, most] = [nextZoom(least, 'out'), nextZoom(most, 'in')]
  expect([nextZoom(least, 'out'), nextZoom(most, 'in')]).toEqual([least, most])
  // Chromium's own factors, 1.2 for each level, stay between 25 and 500 percent.
  expect(1.2 ** least).toBeGreaterThan(0.25)
  expect(1.2 ** most).toBeLessThan(5)
})
