import {
  type KeyboardEvent,
  type MouseEvent,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { useApp } from '../../../model/hooks.ts'
import type { Colours } from '../../../components/colours.ts'
import styles from './image.module.css'
import { canvasToPng } from '../../../ui/canvas-png.ts'
import { draw, MARGIN, type PaintedPlane, surfaceOf } from './draw.ts'
import {
  elementAt,
  fit,
  panBy,
  type ImageSize,
  type Steps,
  clampViewport,
  stepsInView,
  suitsSquares,
  type Viewport,
  zoomAt,
} from './viewport.ts'

interface ImageSurfaceProps {
  name: string
  label: string
  picture: ImageSize
  /** What the user zoomed or moved to; null for the whole picture. */
  zoom: Viewport | null
  onZoom: (zoom: Viewport | null) => void
  planes: readonly PaintedPlane[]
  smooth: boolean
  colours: Colours
  onView: (steps: { vertical: Steps; horizontal: Steps }) => void
  /** Called when the element under the pointer changes; null for none. */
  onPointer: (at: SurfacePoint | null) => void
  onPick: (x: number, y: number) => void
  onStep: ((step: 1 | -1) => void) | undefined
}

const WHEEL_ZOOM = 1.0015
const KEY_PAN = 0.25

const NOTHING = { width: 0, height: 0 }

interface SurfacePoint {
  x: number
  y: number
}

function pointOf(
  { clientX, clientY }: Pick<MouseEvent, 'clientX' | 'clientY'>,
  canvas: HTMLCanvasElement,
): SurfacePoint {
  const box = canvas.getBoundingClientRect()
  return { x: clientX - box.left - MARGIN.left, y: clientY - box.top - MARGIN.top }
}

/** The zoom stays when the picture grows or the window changes. */
const viewOf = (zoom: Viewport | null, picture: ImageSize, surface: ImageSize, square: boolean): Viewport =>
  zoom === null ? fit(picture, surface, square) : clampViewport(zoom, picture, surface)

export function ImageSurface(props: ImageSurfaceProps) {
  const { name, label, picture, zoom, planes, smooth, colours, onZoom, onView, onPointer, onPick, onStep } = props
  const app = useApp()
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [size, setSize] = useState<ImageSize>(NOTHING)
  const [pointer, setPointer] = useState<SurfacePoint | null>(null)
  const surface = surfaceOf(size)
  const square = suitsSquares(picture)
  const { width, height } = size
  const view = useMemo(
    () => viewOf(zoom, picture, surfaceOf({ width, height }), square),
    [zoom, picture, width, height, square],
  )
  const zoomBy = (factor: number, at: readonly [number, number] = [surface.width / 2, surface.height / 2]): void =>
    onZoom(zoomAt(view, factor, at, picture, surface, square))
  const pan = (x: number, y: number): void => onZoom(panBy(view, x, y, picture, surface))

  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setSize({ width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) })
    })
    observer.observe(frame.current!)
    return () => observer.disconnect()
  }, [])

  useLayoutEffect(() => {
    const element = canvas.current!
    const ratio = devicePixelRatio
    element.width = size.width * ratio
    element.height = size.height * ratio
    const context = element.getContext('2d')!
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    if (size.width > 0) draw(context, size, { view, picture, planes, smooth, colours })
  })

  const steps = {
    vertical: stepsInView(view.top, view.scaleY, surface.height, picture.height),
    horizontal: stepsInView(view.left, view.scaleX, surface.width, picture.width),
  }
  const emitView = useEffectEvent(() => {
    if (size.width > 0) onView(steps)
  })
  const stepsKey = JSON.stringify([steps, size.width])
  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- emitted when the part in view changes
  useEffect(() => emitView(), [stepsKey])

  const elementUnder = ({ x, y }: SurfacePoint): SurfacePoint | null =>
    x < 0 || y < 0 || x > surface.width || y > surface.height ? null : elementAt(view, x, y, picture)
  const under = pointer && elementUnder(pointer)
  const emitPointer = useEffectEvent(() => onPointer(under))
  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- emitted when another element is under the pointer
  useEffect(() => emitPointer(), [under?.x, under?.y])

  const wheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault()
    const { x, y } = pointOf(event, canvas.current!)
    zoomBy(WHEEL_ZOOM ** -event.deltaY, [x, y])
  })
  useEffect(() => {
    // React's own listener is passive: the page would scroll.
    const listener = (event: WheelEvent): void => wheel(event)
    const element = frame.current!
    element.addEventListener('wheel', listener, { passive: false })
    return () => element.removeEventListener('wheel', listener)
  }, [])

  const latest = useEffectEvent(() => ({ name, zoomBy, pan, surface, onStep, onZoom }))
  useEffect(() => {
    app.attachExportTarget({
      get name() {
        return latest().name
      },
      zoom: factor => latest().zoomBy(factor),
      pan: (right, down) => latest().pan(-right * latest().surface.width, -down * latest().surface.height),
      reset: () => latest().onZoom(null),
      toPng: () => canvasToPng(canvas.current!),
      toSvg: async () => svgOf(canvas.current!),
      step: by => latest().onStep?.(by),
    })
    return () => app.attachExportTarget(null)
  }, [app])

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'ArrowLeft') pan(KEY_PAN * surface.width, 0)
    else if (event.key === 'ArrowRight') pan(-KEY_PAN * surface.width, 0)
    else if (event.key === 'ArrowUp') pan(0, KEY_PAN * surface.height)
    else if (event.key === 'ArrowDown') pan(0, -KEY_PAN * surface.height)
    else return
    event.preventDefault()
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a picture that keys and pointer move
    <div
      ref={frame}
      className={styles['surface']}
      role="img"
      aria-label={label}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- as above
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={event => {
        if (event.buttons === 1) pan(event.movementX, event.movementY)
        setPointer(pointOf(event, canvas.current!))
      }}
      onPointerLeave={() => setPointer(null)}
      onDoubleClick={event => {
        const at = elementUnder(pointOf(event, canvas.current!))
        if (at) onPick(at.x, at.y)
      }}
    >
      <canvas ref={canvas} style={{ width: size.width, height: size.height }} />
    </div>
  )
}

/** Wraps the canvas, as it is on screen, in an SVG. */
function svgOf(canvas: HTMLCanvasElement): Blob {
  const { width, height } = canvas
  const picture = `<image width="${width}" height="${height}" href="${canvas.toDataURL('image/png')}"/>`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">${picture}</svg>`
  return new Blob([svg], { type: 'image/svg+xml' })
}
