import type { GridElements } from './grid-parts.ts'
import type { GridView } from './grid-view.ts'
import { moveOfKey } from './keys.ts'
import { pageRows, wheelPixels } from './position.ts'
import { isOneCell } from './selection.ts'

/** Pixels to each side of a column's edge where it can be dragged. */
const EDGE_REACH = 4
/** Share of the distance outside the viewport that each frame scrolls while a selection is dragged there. */
const DRAG_SPEED = 0.35

export function listen(view: GridView, elements: GridElements, onCopy: () => void, signal: AbortSignal): void {
  const { frame, grid, body, head } = elements
  listenToWheel(view, frame, signal)
  listenToKeys(view, grid, onCopy, signal)
  listenToSelecting(view, grid, body, signal)
  listenToResizing(view, head, signal)
}

function listenToWheel(view: GridView, frame: HTMLElement, signal: AbortSignal): void {
  const onWheel = (event: WheelEvent) => {
    // Ctrl+wheel zooms the page.
    if (event.ctrlKey) return
    event.preventDefault()
    const { rowHeight, viewHeight } = view.extent
    let x = wheelPixels(event.deltaX, event.deltaMode, rowHeight, view.viewWidth)
    let y = wheelPixels(event.deltaY, event.deltaMode, rowHeight, viewHeight)
    if (event.shiftKey && x === 0) [x, y] = [y, 0]
    view.scrollBy(x, y)
  }
  frame.addEventListener('wheel', onWheel, { passive: false, signal })
}

function listenToKeys(view: GridView, grid: HTMLElement, onCopy: () => void, signal: AbortSignal): void {
  const onKeyDown = (event: KeyboardEvent) => {
    const page = pageRows(view.extent)
    const move = moveOfKey(event, page)
    if (move === null || view.selection === null) return
    // Escape that changes nothing here is for the window.
    if (move.type === 'collapse' && isOneCell(view.selection)) return
    event.preventDefault()
    const scroll = event.key === 'PageDown' ? page : event.key === 'PageUp' ? -page : 0
    view.move(move, scroll)
  }
  // Both keys and the application menu fire the copy event.
  const onCopyEvent = (event: ClipboardEvent) => {
    event.preventDefault()
    onCopy()
  }
  grid.addEventListener('keydown', onKeyDown, { signal })
  grid.addEventListener('copy', onCopyEvent, { signal })
}

const outside = (at: number, length: number): number => (at < 0 ? at : Math.max(0, at - length))

function listenToSelecting(view: GridView, grid: HTMLElement, body: HTMLElement, signal: AbortSignal): void {
  let drag: { x: number; y: number; frame: number } | null = null

  const place = (event: PointerEvent) => {
    const box = body.getBoundingClientRect()
    return { x: event.clientX - box.left, y: event.clientY - box.top }
  }
  const extend = () => {
    if (drag !== null) view.move({ type: 'to', ...view.cellAt(drag.x, drag.y), extend: true })
  }
  const autoScroll = () => {
    if (drag === null) return
    const x = outside(drag.x, view.viewWidth)
    const y = outside(drag.y, view.extent.viewHeight)
    drag.frame = x === 0 && y === 0 ? 0 : requestAnimationFrame(autoScroll)
    if (drag.frame === 0) return
    view.scrollBy(x * DRAG_SPEED, y * DRAG_SPEED)
    extend()
  }

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    event.preventDefault()
    grid.focus({ preventScroll: true })
    const at = place(event)
    view.move({ type: 'to', ...view.cellAt(at.x, at.y), extend: event.shiftKey })
    body.setPointerCapture(event.pointerId)
    drag = { ...at, frame: 0 }
  }
  const onPointerMove = (event: PointerEvent) => {
    if (drag === null) return
    Object.assign(drag, place(event))
    extend()
    if (drag.frame === 0) autoScroll()
  }
  const onRelease = () => {
    if (drag !== null) cancelAnimationFrame(drag.frame)
    drag = null
  }
  body.addEventListener('pointerdown', onPointerDown, { signal })
  body.addEventListener('pointermove', onPointerMove, { signal })
  body.addEventListener('lostpointercapture', onRelease, { signal })
  signal.addEventListener('abort', onRelease)
}

function listenToResizing(view: GridView, head: HTMLElement, signal: AbortSignal): void {
  let drag: { column: number; startX: number; startWidth: number } | null = null

  const edge = (event: MouseEvent) => view.edgeAt(event.clientX - head.getBoundingClientRect().left, EDGE_REACH)
  const onPointerDown = (event: PointerEvent) => {
    const column = event.button === 0 ? edge(event) : -1
    if (column === -1) return
    event.preventDefault()
    drag = { column, startX: event.clientX, startWidth: view.columnWidth(column) }
    head.setPointerCapture(event.pointerId)
  }
  const onPointerMove = (event: PointerEvent) => {
    if (drag !== null) view.resizeColumn(drag.column, drag.startWidth + event.clientX - drag.startX)
    else head.style.cursor = edge(event) === -1 ? '' : 'col-resize'
  }
  const onRelease = () => {
    drag = null
  }
  const onDoubleClick = (event: MouseEvent) => {
    const column = edge(event)
    if (column !== -1) view.fitColumn(column)
  }
  head.addEventListener('pointerdown', onPointerDown, { signal })
  head.addEventListener('pointermove', onPointerMove, { signal })
  head.addEventListener('lostpointercapture', onRelease, { signal })
  head.addEventListener('dblclick', onDoubleClick, { signal })
}
