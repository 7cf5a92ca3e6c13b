import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { BINS, binned, ColumnSamples } from './column-samples.ts'
import type { GridSource, Span } from './grid-types.ts'

test('bins run from the least to the greatest finite number, whatever their size', () => {
  const values = Float64Array.of(0, 1, 2, 15, 16, NaN, Infinity, 15.5)
  expect([...binned(values)!]).toEqual([1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3])
  const wide = binned(Float64Array.of(-Number.MAX_VALUE, 0, Number.MAX_VALUE))!
  expect([wide[0], wide[BINS / 2], wide[BINS - 1]]).toEqual([1, 1, 1])
  expect(binned(Float64Array.of(7, 7))!.reduce((a, b) => a + b)).toBe(2)
  expect(binned(Float64Array.of(NaN, -Infinity))).toBeNull()
})

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function sourceOf(key: string) {
  const asked: Span[] = []
  const source = {
    key,
    sampleColumns: async (columns: Span) => {
      asked.push(columns)
      return Array.from({ length: columns[1] - columns[0] }, (_, at) => Float64Array.of(columns[0] + at, 0))
    },
  } as unknown as GridSource
  return { source, asked }
}

test('columns that rest in view are sampled once; columns that scroll past are not', async () => {
  const { source, asked } = sourceOf('a')
  const onArrived = vi.fn<() => void>()
  const samples = new ColumnSamples(source, onArrived)
  samples.request([100, 110])
  samples.request([0, 10])
  expect(samples.path(3)).toBe('')
  await vi.runAllTimersAsync()
  expect(asked).toEqual([[0, 10]])
  expect(onArrived).toHaveBeenCalledOnce()
  expect(samples.path(3)).toMatch(/^M0 1.*z$/)
  samples.request([5, 12])
  await vi.runAllTimersAsync()
  expect(asked).toEqual([
    [0, 10],
    [10, 12],
  ])
})

test('many columns are sampled in turn', async () => {
  const { source, asked } = sourceOf('a')
  const samples = new ColumnSamples(source, () => {})
  samples.request([0, 150])
  await vi.runAllTimersAsync()
  expect(asked).toEqual([
    [0, 64],
    [64, 128],
    [128, 150],
  ])
})

test('a changed array keeps its samples until new ones are read, and another array has its own', async () => {
  const samples = new ColumnSamples(sourceOf('a').source, () => {})
  samples.request([0, 3])
  await vi.runAllTimersAsync()
  const changed = sourceOf('a')
  samples.show(changed.source)
  expect(samples.path(1)).not.toBe('')
  samples.request([0, 3])
  await vi.runAllTimersAsync()
  expect(changed.asked).toEqual([[0, 3]])
  samples.show(sourceOf('b').source)
  expect(samples.path(1)).toBe('')
})

test('no samples arrive after close, and a failed sample is read again with other columns', async () => {
  const onArrived = vi.fn<() => void>()
  const { source, asked } = sourceOf('a')
  const closed = new ColumnSamples(source, onArrived)
  closed.request([0, 3])
  closed.close()
  await vi.runAllTimersAsync()
  expect(asked).toEqual([])
  let times = 0
  const failing = { key: 'f', sampleColumns: () => Promise.reject(new Error(`${times++}`)) } as unknown as GridSource
  const samples = new ColumnSamples(failing, onArrived)
  samples.request([0, 3])
  await vi.runAllTimersAsync()
  samples.request([0, 3])
  await vi.runAllTimersAsync()
  expect(times).toBe(1)
  samples.request([1, 4])
  await vi.runAllTimersAsync()
  expect([times, onArrived.mock.calls.length]).toEqual([2, 0])
})
