export interface Thumb {
  start: number
  length: number
}

const MIN_THUMB = 20

export function thumbOf(fraction: number, share: number, track: number): Thumb {
  const length = Math.min(track, Math.max(MIN_THUMB, Math.round(track * share)))
  return { start: Math.round((track - length) * fraction), length }
}

export function fractionAt(start: number, thumb: Thumb, track: number): number {
  const room = track - thumb.length
  return room <= 0 ? 0 : Math.min(1, Math.max(0, start / room))
}
