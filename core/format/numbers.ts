import { type DType, itemsize } from './dtype.ts'
import { halfAt, viewOf } from './text.ts'

/** Parts of a complex number to draw; of a real number always the number itself. */
export const PARTS = ['real', 'imaginary', 'magnitude', 'phase'] as const

export type Part = (typeof PARTS)[number]

const PART_OF: Record<Part, (re: number, im: number) => number> = {
  real: re => re,
  imaginary: (_, im) => im,
  magnitude: Math.hypot,
  phase: (re, im) => Math.atan2(im, re),
}

/** Converts elements to float64 for drawing: bool to 0 and 1, 64-bit integers to the nearest double. */
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
