import { formatInteger } from '../../../ui/format.ts'
import type { Colours } from '../../../components/colours.ts'
import type { Plane } from './plane.ts'
import { type ImageSize, tickStep, type Viewport } from './viewport.ts'

/** Margins for row numbers (left) and column numbers (below), pixels. */
export const MARGIN = { left: 62, top: 12, right: 14, bottom: 26 }

const FONT = '11px "Inter Variable", "Segoe UI", system-ui, sans-serif'
const TICKS_APART = { x: 72, y: 40 }

export interface PaintedPlane {
  plane: Pick<Plane, 'vertical' | 'horizontal'>
  canvas: HTMLCanvasElement
}

export function paintedPlane(plane: Plane, pixels: Uint8ClampedArray<ArrayBuffer>): PaintedPlane {
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, plane.horizontal.count)
  canvas.height = Math.max(1, plane.vertical.count)
  if (pixels.length > 0)
    canvas.getContext('2d')!.putImageData(new ImageData(pixels, plane.horizontal.count, plane.vertical.count), 0, 0)
  return { plane, canvas }
}

export interface Drawing {
  view: Viewport
  picture: ImageSize
  planes: readonly PaintedPlane[]
  smooth: boolean
  colours: Colours
}

export const surfaceOf = ({ width, height }: ImageSize): ImageSize => ({
  width: Math.max(1, width - MARGIN.left - MARGIN.right),
  height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
})

export function draw(context: CanvasRenderingContext2D, size: ImageSize, drawing: Drawing): void {
  const { view, picture, planes, smooth, colours } = drawing
  const surface = surfaceOf(size)
  context.fillStyle = colours.bg
  context.fillRect(0, 0, size.width, size.height)
  const left = MARGIN.left + Math.max(0, -view.left * view.scaleX)
  const top = MARGIN.top + Math.max(0, -view.top * view.scaleY)
  const right = Math.min(MARGIN.left + surface.width, MARGIN.left + (picture.width - view.left) * view.scaleX)
  const bottom = Math.min(MARGIN.top + surface.height, MARGIN.top + (picture.height - view.top) * view.scaleY)
  context.save()
  context.beginPath()
  context.rect(left, top, right - left, bottom - top)
  context.clip()
  context.fillStyle = colours['line-soft']
  context.fillRect(left, top, right - left, bottom - top)
  context.imageSmoothingEnabled = smooth
  context.imageSmoothingQuality = 'high'
  for (const { plane, canvas } of planes)
    context.drawImage(
      canvas,
      MARGIN.left + (plane.horizontal.start - view.left) * view.scaleX,
      MARGIN.top + (plane.vertical.start - view.top) * view.scaleY,
      canvas.width * plane.horizontal.step * view.scaleX,
      canvas.height * plane.vertical.step * view.scaleY,
    )
  context.restore()
  drawAxes(context, drawing, { left, top, right, bottom })
}

interface Box {
  left: number
  top: number
  right: number
  bottom: number
}

/** Numbers are centred on their row or column. */
function drawAxes(context: CanvasRenderingContext2D, { view, picture, colours }: Drawing, box: Box): void {
  context.strokeStyle = colours.line
  context.lineWidth = 1
  context.strokeRect(
    Math.round(box.left) - 0.5,
    Math.round(box.top) - 0.5,
    Math.round(box.right - box.left) + 1,
    Math.round(box.bottom - box.top) + 1,
  )
  context.font = FONT
  context.fillStyle = colours['ink-2']
  context.textBaseline = 'middle'
  context.textAlign = 'right'
  const rows = tickStep(view.scaleY, TICKS_APART.y)
  for (let row = Math.max(0, Math.ceil(view.top / rows) * rows); row < picture.height; row += rows) {
    const y = MARGIN.top + (row + 0.5 - view.top) * view.scaleY
    if (y > box.bottom) break
    if (y >= box.top) context.fillText(formatInteger(row), box.left - 7, y)
  }
  context.textAlign = 'center'
  const columns = tickStep(view.scaleX, TICKS_APART.x)
  for (let column = Math.max(0, Math.ceil(view.left / columns) * columns); column < picture.width; column += columns) {
    const x = MARGIN.left + (column + 0.5 - view.left) * view.scaleX
    if (x > box.right) break
    if (x >= box.left) context.fillText(formatInteger(column), x, box.bottom + 13)
  }
}
