/** Which axes of an array make a picture. */
export interface ImageAxes {
  vertical: number
  horizontal: number
  /** The axis whose 3 or 4 places are red, green, blue (and alpha); null for one number a pixel. */
  channels: number | null
}

const isChannels = (size: number | undefined): boolean => size === 3 || size === 4

/** From so many places on, two axes look like a picture and not like a list of colours. */
const PICTURE_SIDE = 5

/** The axes that most likely make a picture: (..., H, W, 3 or 4), (..., 3 or 4, H, W), or the last two. */
export function guessAxes(shape: readonly number[]): ImageAxes {
  const axes = shape.length
  const isPicture = (a: number, b: number): boolean => shape[a]! >= PICTURE_SIDE && shape[b]! >= PICTURE_SIDE
  if (axes >= 3 && isChannels(shape.at(-1)) && isPicture(axes - 3, axes - 2))
    return { vertical: axes - 3, horizontal: axes - 2, channels: axes - 1 }
  if (axes >= 3 && isChannels(shape.at(-3)) && isPicture(axes - 2, axes - 1))
    return { vertical: axes - 2, horizontal: axes - 1, channels: axes - 3 }
  return { vertical: axes - 2, horizontal: axes - 1, channels: null }
}

/** The axes that a picture fixes at one index, in order. */
export const fixedAxes = (axes: ImageAxes, count: number): number[] =>
  Array.from({ length: count }, (_, axis) => axis).filter(
    axis => axis !== axes.vertical && axis !== axes.horizontal && axis !== axes.channels,
  )

/** The axes with one of them chosen anew; the one that had the axis before gets the old one. */
export function withAxis(
  axes: ImageAxes,
  role: 'vertical' | 'horizontal',
  axis: number,
  shape: readonly number[],
): ImageAxes {
  const other = role === 'vertical' ? 'horizontal' : 'vertical'
  const changed = { ...axes, [role]: axis }
  if (axes[other] === axis) changed[other] = axes[role]
  if (axes.channels === axis) changed.channels = null
  const last = shape.length - 1
  const free = last !== changed.vertical && last !== changed.horizontal && isChannels(shape[last])
  return { ...changed, channels: changed.channels ?? (free ? last : null) }
}
