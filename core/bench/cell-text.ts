import { formatElement } from '../format/text.ts'
import { interleave, seconds, xorshift } from './harness.ts'

export const CELLS = 2000
const WINDOWS = 10

/** Measures the seconds to format a window's cells. Uses new values each round: V8 caches the texts of recent ones. */
export function cellTextSeconds(): Record<'float32' | 'float64' | 'float16' | 'any float32' | 'String', number> {
  const random = xorshift(3)
  const normal = (): number => (random() + random() + random() + random() - 2 * 2 ** 32) / 2 ** 31
  const length = CELLS * WINDOWS
  let kept = 0
  const spent = (text: (index: number) => string): number =>
    seconds(() => {
      for (let i = 0; i < length; i++) kept += text(i).length
    }) / WINDOWS
  const result = interleave(60, {
    float32: () => {
      const data = Float32Array.from({ length }, normal)
      return spent(i => formatElement('float32', data, i))
    },
    float64: () => {
      const data = Float64Array.from({ length }, normal)
      return spent(i => formatElement('float64', data, i))
    },
    float16: () => {
      const data = Uint16Array.from({ length }, () => random() % 0x7c00)
      return spent(i => formatElement('float16', data, i))
    },
    'any float32': () => {
      const data = new Float32Array(Uint32Array.from({ length }, () => random() % 0x7f800000).buffer)
      return spent(i => formatElement('float32', data, i))
    },
    String: () => {
      const data = Float64Array.from({ length }, normal)
      return spent(i => String(data[i]))
    },
  })
  if (kept === 0) throw new Error('no text was made')
  return result
}
