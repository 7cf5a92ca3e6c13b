import type { Params } from '../../core/explorer/contract/types.ts'

/** Chromium's zoom levels: each step of 1 is 20 percent; 0 is the size as designed. */
export const LEAST_ZOOM = -4
export const MOST_ZOOM = 6

const STEPS = { in: 1, out: -1 }

export function nextZoom(level: number, direction: Params<'zoomWindow'>['direction']): number {
  if (direction === 'reset') return 0
  return Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, level + STEPS[direction]))
}
