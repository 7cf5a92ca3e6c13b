import type { DType } from '../../../../core/format/dtype.ts'
import { isWide, type Value } from '../../../../core/format/values.ts'
import type { Part } from '../../../../core/format/numbers.ts'
import type { ImageAxes } from './axes.ts'
import { guessAxes } from './axes.ts'
import type { ColourMap } from './colour-maps.ts'
import { symmetricRange, colourRange, percentileExtent, type ValueRange } from './paint.ts'
import type { Plane } from './plane.ts'

export type RangeMode = 'auto' | 'percentile' | 'manual'

export interface ImageChoice {
  axes: ImageAxes
  /** One index per axis; those of the image's own axes are ignored. */
  index: readonly number[]
  part: Part
  map: ColourMap
  range: RangeMode
  /** The typed range, as text: JSON has no 64-bit integers. */
  manual: readonly [low: string, high: string]
  smooth: boolean
}

/** Share of values outside a percentile range, at each end. */
const PERCENTILE_SHARE = 0.02

function firstImage(shape: readonly number[], index: readonly number[], row: number): ImageChoice {
  const axes = guessAxes(shape)
  return {
    axes,
    index: shape.map((size, axis) => Math.min(size - 1, axis === 0 ? row : (index[axis - 1] ?? 0))),
    part: 'magnitude',
    map: 'viridis',
    range: 'auto',
    manual: ['0', '1'],
    smooth: false,
  }
}

/** An image as the user left it, and the grid's row and slice when it was opened. */
export interface KeptImage {
  from: readonly number[]
  choice: ImageChoice
}

/** Returns the image to begin with: the kept one, moved to the grid's row and slice if these have changed since. */
export function startOfImage(
  shape: readonly number[],
  from: readonly number[],
  kept: KeptImage | undefined,
): KeptImage {
  const first = firstImage(shape, from.slice(1), from[0] ?? 0)
  if (!kept) return { from, choice: first }
  return String(kept.from) === String(from) ? kept : { from, choice: { ...kept.choice, index: first.index } }
}

/** Parses a typed number, exactly for 64-bit integers; null when the text is no finite number. */
export function parseValue(dtype: DType, text: string): Value | null {
  if (isWide(dtype) && /^[+-]?\d+$/.test(text)) return BigInt(text)
  return text === '' || !Number.isFinite(Number(text)) ? null : Number(text)
}

export function rangeOf({ range, manual, map }: ImageChoice, plane: Plane): ValueRange {
  if (range === 'manual') return [parseValue(plane.dtype, manual[0]) ?? 0, parseValue(plane.dtype, manual[1]) ?? 1]
  if (plane.channels > 1) return colourRange(plane.dtype, plane.extent)
  const found =
    (range === 'percentile' ? percentileExtent(plane.sampled, PERCENTILE_SHARE) : plane.extent) ?? ([0, 1] as const)
  return map === 'diverging' ? symmetricRange(found) : found
}
