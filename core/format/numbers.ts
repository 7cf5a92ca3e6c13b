import { type DType, itemsize } from './dtype.ts'
import { halfAt, viewOf } from './text.ts'

/** What is looked at of a complex number; of a real one always the number itself. */
export const PARTS = ['real', 'imaginary', 'magnitude', 'phase'] as const

export type Part = (typeof PARTS)[number]

const PART_OF: Record<Part, (re: number, im: number) => number> = {
  real: re => re,
  imaginary: (_, im) => im,
  magnitude: Math.hypot,
  phase: (re, im) => Math.atan2(im, re),
}

/** Elements as float64, for drawing: bool as 0 and 1, 64-bit integers rounded to the nearest double. */
export function numbersOf(dtype: DType, bytes: Uint8Array<ArrayBuffer>, part: Part): Float64Array {
  const data = viewOf(dtype, bytes.buffer, bytes.byteOffset, bytes.byteLength / itemsize(dtype))
  if (dtype === 'float16') return Float64Array.from({ length: data.length }, (_, i) => halfAt(data, i))
  if (dtype === 'complex64' || dtype === 'complex128') {
    const of = PART_OF[part]
    return Float64Array.from({ length: data.length / 2 }, (_, i) =>
      of(data[2 * i] as number, data[2 * i + 1] as number),
    )
  }
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = new Float64Array(data.length)
    for (let i = 0; i < numbers.length; i++) numbers[i] = Number(data[i])
    return numbers
  }
  return new Float64Array(data)
}
