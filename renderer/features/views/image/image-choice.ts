import type { Part } from '../../../../core/format/numbers.ts'
import type { ImageAxes } from './axes.ts'
import { guessAxes } from './axes.ts'
import type { ColourMap } from './colour-maps.ts'
import { balanced, colourRange, extent, percentileExtent, type ValueRange } from './paint.ts'
import type { Plane } from './plane.ts'

export type RangeMode = 'auto' | 'percentile' | 'manual'

export interface ImageChoice {
  axes: ImageAxes
  /** One index per axis; those of the image's own axes are ignored. */
  index: readonly number[]
  part: Part
  map: ColourMap
  range: RangeMode
  manual: ValueRange
  smooth: boolean
}

/** Share of values outside a percentile range, at each end. */
const PERCENTILE = 0.02

export function firstImage(shape: readonly number[], index: readonly number[], row: number): ImageChoice {
  const axes = guessAxes(shape)
  return {
    axes,
    index: shape.map((size, axis) => Math.min(size - 1, axis === 0 ? row : (index[axis - 1] ?? 0))),
    part: 'magnitude',
    map: 'viridis',
    range: 'auto',
    manual: [0, 1],
    smooth: false,
  }
}

export function rangeOf({ range, manual, map }: ImageChoice, plane: Plane): ValueRange {
  if (range === 'manual') return manual
  if (plane.channels > 1) return colourRange(plane.dtype, extent(plane.values))
  const found =
    (range === 'percentile' ? percentileExtent(plane.values, PERCENTILE) : extent(plane.values)) ?? ([0, 1] as const)
  return map === 'diverging' ? balanced(found) : found
}
