import type { DType, TypedArray } from '../../core/format/dtype.ts'
import { halfAt } from '../../core/format/text.ts'

export interface ShadeRange {
  low: number
  high: number
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
export function shadeText(value: number, range: ShadeRange | null): string {
  if (range === null || !Number.isFinite(value)) return ''
  const { low, high } = range
  const zero = low > 0 ? low : high < 0 ? high : 0
  const reach = Math.max(high - zero, zero - low)
  const share = Math.min(1, Math.max(-1, (value - zero) / reach))
  // A range without width has no share.
  return SHADES[Math.round(share * STEPS) + STEPS] ?? ''
}

export function rangeOfSample(values: Float64Array): ShadeRange | null {
  const sorted = values.filter(Number.isFinite).sort()
  if (sorted.length === 0) return null
  const last = sorted.length - 1
  return { low: sorted[Math.floor(OUTSIDE * last)]!, high: sorted[Math.ceil((1 - OUTSIDE) * last)]! }
}

export const canShade = (dtype: DType): boolean => dtype !== 'bool' && !dtype.startsWith('complex')

export const shadedNumber = (dtype: DType, data: TypedArray, index: number): number =>
  canShade(dtype) ? Number(dtype === 'float16' ? halfAt(data, index) : data[index]) : NaN
