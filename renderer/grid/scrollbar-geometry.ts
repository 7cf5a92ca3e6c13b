/** Lengths along a scrollbar's track, in pixels. */
export interface Thumb {
  start: number
  length: number
}

const MIN_THUMB = 20

/** The thumb for a `fraction` (0..1) of the way and a `share` (0..1) of everything that is in view. */
export function thumbOf(fraction: number, share: number, track: number): Thumb {
  const length = Math.min(track, Math.max(MIN_THUMB, Math.round(track * share)))
  return { start: Math.round((track - length) * fraction), length }
}

/** The fraction at which the thumb starts at `start`; exact at both ends. */
export function fractionAt(start: number, thumb: Thumb, track: number): number {
  const room = track - thumb.length
  return room <= 0 ? 0 : Math.min(1, Math.max(0, start / room))
}
