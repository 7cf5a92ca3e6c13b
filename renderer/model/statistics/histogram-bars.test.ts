import { expect, test } from 'vitest'
import { barsOf } from './histogram-bars.ts'
import type { Histogram } from './use-statistics.ts'

const histogram = (...edges: string[]): Histogram => ({
  edges,
  counts: [1],
  below: 0,
  above: 0,
  scale: 'linear',
  exact: true,
})

/** Edges in full, and the texts that NumPy has for elements of the dtype. */
test.each([
  ['float16', 0.0999755859375, '0.1'],
  ['float32', 0.10000000149011612, '0.1'],
  ['float64', 0.1, '0.1'],
] as const)('the ends of a histogram of %s that are elements have the text of cells', (dtype, edge, text) => {
  const { ends } = barsOf(dtype, histogram(String(-edge), String(edge)))
  expect(ends.map(end => end.replace('\u2212', '-'))).toEqual([`-${text}`, text])
})

test('an end of a histogram that is no element of the dtype is shown as the number it is', () => {
  expect(barsOf('float16', histogram('0', '0.1')).ends[1]).toBe('0.1')
  expect(barsOf('float16', histogram('0', '0.10001')).ends[1]).toBe('0.10001')
})
