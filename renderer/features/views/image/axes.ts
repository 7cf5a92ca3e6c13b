import { hasChannelsLast, isChannels, isPicture } from '../../../../core/explorer/contract/picture.ts'

export interface ImageAxes {
  vertical: number
  horizontal: number
  /** Axis of 3 or 4 entries used as red, green, blue (and alpha); null for one number per pixel. */
  channels: number | null
}

/** Guesses the image axes: (..., H, W, 3 or 4), (..., 3 or 4, H, W), or the last two axes. */
export function guessAxes(shape: readonly number[]): ImageAxes {
  const axes = shape.length
  if (hasChannelsLast(shape)) return { vertical: axes - 3, horizontal: axes - 2, channels: axes - 1 }
  if (axes >= 3 && isChannels(shape.at(-3)) && isPicture(shape.at(-2)!, shape.at(-1)!))
    return { vertical: axes - 2, horizontal: axes - 1, channels: axes - 3 }
  return { vertical: axes - 2, horizontal: axes - 1, channels: null }
}

export const fixedAxes = (axes: ImageAxes, count: number): number[] =>
  Array.from({ length: count }, (_, axis) => axis).filter(
    axis => axis !== axes.vertical && axis !== axes.horizontal && axis !== axes.channels,
  )

/** Returns the last axis of 3 or 4 entries that is not a side of the image; null when there is none. */
export function possibleChannels({ vertical, horizontal }: ImageAxes, shape: readonly number[]): number | null {
  const axis = shape.findLastIndex((size, axis) => axis !== vertical && axis !== horizontal && isChannels(size))
  return axis === -1 ? null : axis
}

/**
 * Assigns an axis to a role; the previous holder of the axis takes the replaced one. Channels that are not shown as
 * colours stay off.
 */
export function withAxis(
  axes: ImageAxes,
  role: 'vertical' | 'horizontal',
  axis: number,
  shape: readonly number[],
): ImageAxes {
  const other = role === 'vertical' ? 'horizontal' : 'vertical'
  const changed = { ...axes, [role]: axis }
  if (axes[other] === axis) changed[other] = axes[role]
  const withoutColours = axes.channels === null && possibleChannels(axes, shape) !== null
  return { ...changed, channels: withoutColours ? null : possibleChannels(changed, shape) }
}
