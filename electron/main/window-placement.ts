import type { Rectangle } from 'electron'

/** Bounds of a window on the desktop, in device-independent pixels. */
export interface Placement {
  bounds: Rectangle
  maximized: boolean
}

export const MINIMUM_SIZE = { width: 640, height: 400 }
const DEFAULT_SIZE = { width: 1440, height: 900 }

/** Part of the title bar that must be on a display, so that the window can be dragged. */
const GRIP = { width: 120, height: 40 }

const overlap = (start: number, length: number, otherStart: number, otherLength: number): number =>
  Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)

const reachable = (bounds: Rectangle, area: Rectangle): boolean =>
  overlap(bounds.x, bounds.width, area.x, area.width) >= GRIP.width &&
  bounds.y >= area.y &&
  bounds.y + GRIP.height <= area.y + area.height

const centred = (size: { width: number; height: number }, area: Rectangle): Rectangle => {
  const width = Math.min(size.width, area.width)
  const height = Math.min(size.height, area.height)
  return {
    x: area.x + Math.round((area.width - width) / 2),
    y: area.y + Math.round((area.height - height) / 2),
    width,
    height,
  }
}

/** Returns the saved place if its title bar is reachable, else centres that size on the first of `workAreas`. */
export function placeWindow(saved: Placement | null, workAreas: readonly [Rectangle, ...Rectangle[]]): Placement {
  if (saved === null) return { bounds: centred(DEFAULT_SIZE, workAreas[0]), maximized: false }
  const wanted = {
    ...saved.bounds,
    width: Math.max(saved.bounds.width, MINIMUM_SIZE.width),
    height: Math.max(saved.bounds.height, MINIMUM_SIZE.height),
  }
  const area = workAreas.find(candidate => reachable(wanted, candidate))
  const bounds =
    area === undefined
      ? centred(wanted, workAreas[0])
      : { ...wanted, width: Math.min(wanted.width, area.width), height: Math.min(wanted.height, area.height) }
  return { bounds, maximized: saved.maximized }
}
