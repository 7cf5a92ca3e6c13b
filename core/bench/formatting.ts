import { CELLS, cellTextSeconds } from './cell-text.ts'
import { atMost, type Bench, duration, type Figure } from './harness.ts'

/** `e2e/bench/cell-text.ts` measures the same in the browser, whose V8 is newer. */
export function formatting({ numpack }: Bench): Figure[] {
  const { String: plain, ...spent } = cellTextSeconds()
  const numpy = numpack?.('text', CELLS)['NumPy']
  const beside: Record<string, string> = { float64: `String() alone ${duration(plain)}` }
  if (numpy !== undefined) beside['float32'] = `NumPy str() ${duration(numpy)}`
  return Object.entries(spent).map(([kind, value]) => ({
    what: `text of ${CELLS} cells, ${kind === 'any float32' ? 'float32, any magnitude' : kind}`,
    value: duration(value),
    beside: beside[kind] ?? '',
    measured: value * 1000,
    goal: atMost(0.5, 'ms'),
  }))
}
