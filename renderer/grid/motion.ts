/** How far ahead a moving grid reads, in time. */
const AHEAD_MS = 200
/** After a longer pause a step starts a new movement: its speed is that of one step a frame. */
const PAUSE_MS = 200
const FRAME_MS = 1000 / 60

/** Tells where a coordinate that moves in steps will be soon. */
export class Motion {
  private at: number | null = null
  private time = 0
  private ahead = 0

  /** Forgets the movement: what comes next is a new place. */
  reset(): void {
    this.at = null
    this.ahead = 0
  }

  /**
   * How far the coordinate will move from `at` within a fifth of a second, signed; 0 at rest. A step longer than `jump`
   * is no movement.
   */
  predict(at: number, jump: number, now: number): number {
    const step = this.at === null ? 0 : at - this.at
    const elapsed = now - this.time
    this.at = at
    if (step === 0) {
      if (elapsed > PAUSE_MS) this.ahead = 0
      return this.ahead
    }
    this.time = now
    if (Math.abs(step) > jump) this.ahead = 0
    else {
      // Two steps in one frame count as one frame's, lest the speed looks larger than it is.
      const duration = elapsed > PAUSE_MS ? FRAME_MS : Math.max(elapsed, FRAME_MS)
      this.ahead = (step / duration) * AHEAD_MS
    }
    return this.ahead
  }
}

/** A stretch of [start, stop) grown by `ahead` in its direction, inside [0, count). */
export function towards(start: number, stop: number, ahead: number, count: number): readonly [number, number] {
  const by = Math.trunc(ahead)
  return by >= 0 ? [start, Math.min(count, stop + by)] : [Math.max(0, start + by), stop]
}
