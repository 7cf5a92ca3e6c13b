import type { DType, TypedArray } from '../../core/format/dtype.ts'
import { halfAt } from '../../core/format/text.ts'
import { isFiniteValue, shareBetween, sortedFinite, type Value, type Values } from '../../core/format/values.ts'

export interface ShadeRange {
  low: Value
  high: Value
}

/** How cells are shaded: not at all, each column by its own range, or all columns by one range. */
export type Shading = 'column' | ShadeRange | null

/** Shades on either side of the unshaded middle. */
const STEPS = 8
/** Percentage of the strongest shade; text stays readable on it. */
const MOST_PERCENT = 36
/** Share of the numbers at either end that does not widen the range: one large number would pale all others. */
const OUTSIDE = 0.02

const shadeOf = (name: string, step: number): string =>
  `color-mix(in srgb, var(${name}) ${(step / STEPS) * MOST_PERCENT}%, transparent)`

const SHADES: readonly string[] = Array.from({ length: 2 * STEPS + 1 }, (_, at) => {
  const step = at - STEPS
  return step === 0 ? '' : shadeOf(step < 0 ? '--shade-below' : '--shade-above', Math.abs(step))
})

/**
 * Returns a cell's background: one colour above zero, one below, stronger with distance (in a range on one side of
 * zero, from its nearer end). '' for none and for non-finite numbers.
 */
export function shadeText(value: Value, range: ShadeRange | null): string {
  if (range === null || !isFiniteValue(value)) return ''
  const { low, high } = range
  if (low === high) return ''
  const share = Math.min(1, Math.max(-1, shareOf(value, low, high)))
  return SHADES[Math.round(share * STEPS) + STEPS] ?? ''
}

/** Returns how far a value is from the zero of a range: 1 or -1 at its farther end. */
function shareOf(value: Value, low: Value, high: Value): number {
  if (low >= 0) return shareBetween(low, high)(value)
  if (high <= 0) return shareBetween(low, high)(value) - 1
  const [below, above] = [Number(low), Number(high)]
  return above >= -below ? Number(value) / above : Number(value) / -below
}

export function rangeOfSample(values: Values): ShadeRange | null {
  const sorted = sortedFinite(values)
  if (sorted.length === 0) return null
  const last = sorted.length - 1
  return { low: sorted[Math.floor(OUTSIDE * last)]!, high: sorted[Math.ceil((1 - OUTSIDE) * last)]! }
}

export const canShade = (dtype: DType): boolean => dtype !== 'bool' && !dtype.startsWith('complex')

export const shadedNumber = (dtype: DType, data: TypedArray, index: number): Value =>
  canShade(dtype) ? (dtype === 'float16' ? halfAt(data, index) : data[index]!) : NaN
