import type { DType, TypedArray } from '../../core/format/dtype.ts'
import { halfAt } from '../../core/format/text.ts'

/** Numbers between which shades tell cells apart. */
export interface ShadeRange {
  low: number
  high: number
}

/** By what cells are shaded: not at all, each column by its own range, or all by one. */
export type Shading = 'column' | ShadeRange | null

/** Shades on either side of a cell without one. */
const STEPS = 8
/** Of the strongest shade, in a background on which text stays easy to read. */
const MOST_PERCENT = 36
/** Share of the numbers at either end that don't widen the range: a single large one would pale all others. */
const OUTSIDE = 0.02

const shadeOf = (name: string, step: number): string =>
  `color-mix(in srgb, var(${name}) ${(step / STEPS) * MOST_PERCENT}%, transparent)`

/** Backgrounds from the strongest shade below to the strongest above; '' in the middle. */
const SHADES: readonly string[] = Array.from({ length: 2 * STEPS + 1 }, (_, at) => {
  const step = at - STEPS
  return step === 0 ? '' : shadeOf(step < 0 ? '--shade-below' : '--shade-above', Math.abs(step))
})

/**
 * The background of a cell: numbers above zero in one colour, below in another, the stronger the farther away. Where a
 * range lies on one side of zero, from its end that is nearer to zero. '' for none, as for what isn't finite: its word has
 * a colour.
 */
export function shadeText(value: number, range: ShadeRange | null): string {
  if (range === null || !Number.isFinite(value)) return ''
  const { low, high } = range
  const zero = low > 0 ? low : high < 0 ? high : 0
  const reach = Math.max(high - zero, zero - low)
  const share = Math.min(1, Math.max(-1, (value - zero) / reach))
  // Where all numbers are equal there is no share.
  return SHADES[Math.round(share * STEPS) + STEPS] ?? ''
}

/** The range of most of the finite numbers among a sample; null where there are none. */
export function rangeOfSample(values: Float64Array): ShadeRange | null {
  const sorted = values.filter(Number.isFinite).sort()
  if (sorted.length === 0) return null
  const last = sorted.length - 1
  return { low: sorted[Math.floor(OUTSIDE * last)]!, high: sorted[Math.ceil((1 - OUTSIDE) * last)]! }
}

/** Whether numbers of a dtype have an order that shades could show. */
export const canShade = (dtype: DType): boolean => dtype !== 'bool' && !dtype.startsWith('complex')

/** An element as the number that its shade shows; NaN where it has none. */
export const shadedNumber = (dtype: DType, data: TypedArray, index: number): number =>
  canShade(dtype) ? Number(dtype === 'float16' ? halfAt(data, index) : data[index]) : NaN
