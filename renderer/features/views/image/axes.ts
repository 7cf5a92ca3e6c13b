import { hasChannelsLast, isChannels, isPicture } from '../../../../core/explorer/contract/picture.ts'

/** Which axes of an array make a picture. */
export interface ImageAxes {
  vertical: number
  horizontal: number
  /** The axis whose 3 or 4 places are red, green, blue (and alpha); null for one number a pixel. */
  channels: number | null
}

/** The axes that most likely make a picture: (..., H, W, 3 or 4), (..., 3 or 4, H, W), or the last two. */
export function guessAxes(shape: readonly number[]): ImageAxes {
  const axes = shape.length
  if (hasChannelsLast(shape)) return { vertical: axes - 3, horizontal: axes - 2, channels: axes - 1 }
  if (axes >= 3 && isChannels(shape.at(-3)) && isPicture(shape.at(-2)!, shape.at(-1)!))
    return { vertical: axes - 2, horizontal: axes - 1, channels: axes - 3 }
  return { vertical: axes - 2, horizontal: axes - 1, channels: null }
}

/** The axes that a picture fixes at one index, in order. */
export const fixedAxes = (axes: ImageAxes, count: number): number[] =>
  Array.from({ length: count }, (_, axis) => axis).filter(
    axis => axis !== axes.vertical && axis !== axes.horizontal && axis !== axes.channels,
  )

/** The axis that can be a picture's channels: the last of 3 or 4 places that is none of its sides; null where there is none. */
export function possibleChannels({ vertical, horizontal }: ImageAxes, shape: readonly number[]): number | null {
  const axis = shape.findLastIndex((size, axis) => axis !== vertical && axis !== horizontal && isChannels(size))
  return axis === -1 ? null : axis
}

/**
 * The axes with one of them chosen anew; the one that had the axis before gets the old one. A picture whose channels are
 * not shown as colours stays so.
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
