import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Value } from '../../../../core/format/values.ts'
import { plainNumber } from '../../../ui/number-text.ts'
import { AxisScale } from './axis-scale.ts'

const sorted = <V extends Value>(values: V[]): V[] => values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))

const ticksOf = (scale: AxisScale, low: Value, high: Value): number[] => {
  const [from, to] = [scale.positionOf(low), scale.positionOf(high)]
  return Array.from({ length: 6 }, (_, i) => from + ((to - from) * i) / 5)
}

const floats = fc.double({ noNaN: true, noDefaultInfinity: true })
const wide = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n })
const near = fc.bigInt({ min: 0n, max: 100n }).map(by => 2n ** 60n + by)

test.each([
  ['floats', fc.uniqueArray(floats, { minLength: 2, maxLength: 30 })],
  [
    'floats close together',
    fc.uniqueArray(
      fc.integer({ min: 0, max: 1e6 }).map(i => 1013.25 + i * 1e-9),
      { minLength: 2 },
    ),
  ],
  [
    'tiny floats',
    fc.uniqueArray(
      fc.integer({ min: -9, max: 9 }).map(i => i * 5e-324),
      { minLength: 2 },
    ),
  ],
  ['64-bit integers', fc.uniqueArray(wide, { minLength: 2, maxLength: 30 })],
  ['64-bit integers close together', fc.uniqueArray(near, { minLength: 2, maxLength: 30 })],
] as [string, fc.Arbitrary<Value[]>][])(
  '%s: positions ascend with the values, and different ticks have different labels',
  (_, values) => {
    fc.assert(
      fc.property(values, unsorted => {
        const values = sorted(unsorted)
        const [low, high] = [values[0]!, values.at(-1)!]
        if (low === high) return
        const scale = new AxisScale([low, high])
        const positions = values.map(value => scale.positionOf(value))
        for (const [i, position] of positions.entries()) {
          expect(Math.abs(position)).toBeLessThanOrEqual(10_001)
          expect(position).toBeGreaterThanOrEqual(positions[i - 1] ?? -Infinity)
        }
        expect(positions.at(-1)! - positions[0]!).toBeGreaterThan(0.9)
        const labels = ticksOf(scale, low, high).map(tick => scale.labelOf(tick))
        expect(new Set(labels).size).toBe(labels.length)
      }),
    )
  },
)

test('a label at the position of a value reads back as the value', () => {
  for (const [low, high] of [
    [0, 2e-27],
    [-1.7e308, 1.7e308],
    [1013.25, 1013.2504],
    [0, 5e-323],
    [-5, 7],
    [20_000_001.5, 20_000_400.5],
  ] as const) {
    const scale = new AxisScale([low, high])
    expect(Number(plainNumber(scale.labelOf(scale.positionOf(high))))).toBeCloseTo(high, 8)
    expect(Math.abs(Number(plainNumber(scale.labelOf(scale.positionOf(high)))) / high - 1)).toBeLessThan(1e-9)
  }
  const ids = new AxisScale([2n ** 60n, 2n ** 60n + 49n])
  const [, offset = ''] = /^offset (.+)$/.exec(ids.note)!
  const label = ids.labelOf(ids.positionOf(2n ** 60n + 33n))
  expect(BigInt(plainNumber(offset)) + BigInt(label)).toBe(2n ** 60n + 33n)
})

test('times in nanoseconds are labelled from an offset that is stated', () => {
  const start = 1_700_000_000_000_000_000n
  const scale = new AxisScale([start, start + 999_000_000n])
  expect(scale.note).toBe('offset 1.7e+18')
  expect([0, 2.5, 5].map(position => scale.labelOf(position))).toEqual(['0', '250,000,000', '500,000,000'])
  expect(new AxisScale([0, 3750]).note).toBe('')
  expect(new AxisScale([7, 7]).labelOf(7)).toBe('7')
})
