import { formatElement } from '../format/text.ts'
import { atMost, type Bench, duration, type Figure, interleave, seconds, xorshift } from './harness.ts'

const CELLS = 2000

/** Text of the cells of a large window. New values in every round: V8 remembers the texts of recent numbers. */
export function formatting({ numpack }: Bench): Figure[] {
  const random = xorshift(3)
  const normal = (): number => (random() + random() + random() + random() - 2 * 2 ** 32) / 2 ** 31
  const spent = (data: Float32Array | Float64Array | Uint16Array, dtype: 'float32' | 'float64' | 'float16'): number =>
    seconds(() => {
      for (let i = 0; i < CELLS; i++) formatElement(dtype, data, i)
    })
  const figures = interleave(100, {
    float32: () => spent(Float32Array.from({ length: CELLS }, normal), 'float32'),
    float64: () => spent(Float64Array.from({ length: CELLS }, normal), 'float64'),
    float16: () =>
      spent(
        Uint16Array.from({ length: CELLS }, () => random() % 0x7c00),
        'float16',
      ),
    'float32, any magnitude': () =>
      spent(new Float32Array(Uint32Array.from({ length: CELLS }, () => random() % 0x7f800000).buffer), 'float32'),
  })
  const numpy = numpack?.('text', CELLS)['NumPy']
  return Object.entries(figures).map(([kind, value]) => ({
    what: `text of ${CELLS} cells, ${kind}`,
    value: duration(value),
    beside: kind === 'float32' && numpy !== undefined ? `NumPy str() ${duration(numpy)}` : '',
    measured: value * 1000,
    goal: atMost(0.5, 'ms'),
  }))
}
