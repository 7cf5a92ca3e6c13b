export interface ImageSize {
  width: number
  height: number
}

/** Visible part of an image: the element at the upper left corner, and the pixels per element. */
export interface Viewport {
  left: number
  top: number
  scaleX: number
  scaleY: number
}

const LARGEST_SCALE = 160

/** Beyond this ratio of the sides, square elements would reduce the image to a line. */
const MOST_OBLONG = 8

/** Whether an image is drawn with square elements. */
export const suitsSquares = ({ width, height }: ImageSize): boolean =>
  Math.max(width / height, height / width) <= MOST_OBLONG

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value))

/** Returns the viewport that shows the whole picture, with `square` elements or filling the surface. */
export function fit(picture: ImageSize, surface: ImageSize, square: boolean): Viewport {
  let scaleX = surface.width / picture.width
  let scaleY = surface.height / picture.height
  if (square) scaleX = scaleY = Math.min(scaleX, scaleY)
  return clampViewport({ left: 0, top: 0, scaleX, scaleY }, picture, surface)
}

/** Returns the first element to show along one axis; negative when a smaller picture is centred. `room` is in pixels. */
const clampStart = (start: number, scale: number, size: number, room: number): number => {
  const shown = room / scale
  return shown >= size ? (size - shown) / 2 : clamp(start, 0, size - shown)
}

/** Moves the viewport so that no space stays empty that the image could fill; centres a smaller image. */
export function clampViewport(view: Viewport, picture: ImageSize, surface: ImageSize): Viewport {
  return {
    ...view,
    left: clampStart(view.left, view.scaleX, picture.width, surface.width),
    top: clampStart(view.top, view.scaleY, picture.height, surface.height),
  }
}

/** Zooms around a point of the surface, no further than from the whole picture to the largest scale. */
export function zoomAt(
  view: Viewport,
  factor: number,
  [x, y]: readonly [number, number],
  picture: ImageSize,
  surface: ImageSize,
  square: boolean,
): Viewport {
  const whole = fit(picture, surface, square)
  const least = Math.max(whole.scaleX / view.scaleX, whole.scaleY / view.scaleY)
  const most = Math.min(LARGEST_SCALE / view.scaleX, LARGEST_SCALE / view.scaleY)
  const by = clamp(factor, Math.min(1, least), Math.max(1, most))
  const scaleX = view.scaleX * by
  const scaleY = view.scaleY * by
  const left = view.left + x / view.scaleX - x / scaleX
  const top = view.top + y / view.scaleY - y / scaleY
  return clampViewport({ left, top, scaleX, scaleY }, picture, surface)
}

export const panBy = (view: Viewport, x: number, y: number, picture: ImageSize, surface: ImageSize): Viewport =>
  clampViewport({ ...view, left: view.left - x / view.scaleX, top: view.top - y / view.scaleY }, picture, surface)

/** Returns the column `x` and row `y` of the element at a point of the surface; null outside the picture. */
export function elementAt(view: Viewport, x: number, y: number, picture: ImageSize): { x: number; y: number } | null {
  const column = Math.floor(view.left + x / view.scaleX)
  const row = Math.floor(view.top + y / view.scaleY)
  const inside = column >= 0 && row >= 0 && column < picture.width && row < picture.height
  return inside ? { x: column, y: row } : null
}

/** Indices along one axis: `count` of them from `start`, `step` apart. */
export interface Steps {
  start: number
  count: number
  step: number
}

/** Returns the indices to read along one axis for the visible part: about one per pixel at most. */
export function stepsInView(start: number, scale: number, room: number, size: number): Steps {
  const first = Math.max(0, Math.floor(start))
  const stop = Math.min(size, Math.ceil(start + room / scale))
  const step = Math.max(1, Math.floor(1 / scale))
  const from = Math.floor(first / step) * step
  return { start: from, count: Math.max(0, Math.ceil((stop - from) / step)), step }
}

/** Returns the least step of 1, 2 or 5 times a power of ten whose ticks are at least `apart` pixels apart. */
export function tickStep(scale: number, apart: number): number {
  const least = apart / scale
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)))
  return [1, 2, 5, 10].map(factor => factor * power).find(step => step >= least) ?? 10 * power
}
