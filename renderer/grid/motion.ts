/** How far ahead a moving grid reads, milliseconds. */
const AHEAD_MS = 200
/** A step after a longer pause starts a new movement; its speed is one step per frame. */
const PAUSE_MS = 200
const FRAME_MS = 1000 / 60

export class Motion {
  #at: number | null = null
  #time = 0
  #ahead = 0

  reset(): void {
    this.#at = null
    this.#ahead = 0
  }

  /** Returns the signed distance from `at` within AHEAD_MS; 0 at rest. A step longer than `jump` is no movement. */
  predict(at: number, jump: number, now: number): number {
    const step = this.#at === null ? 0 : at - this.#at
    const elapsed = now - this.#time
    this.#at = at
    if (step === 0) {
      if (elapsed > PAUSE_MS) this.#ahead = 0
      return this.#ahead
    }
    this.#time = now
    if (Math.abs(step) > jump) this.#ahead = 0
    else {
      // Two steps in one frame count as one frame's; otherwise the speed would look larger than it is.
      const duration = elapsed > PAUSE_MS ? FRAME_MS : Math.max(elapsed, FRAME_MS)
      this.#ahead = (step / duration) * AHEAD_MS
    }
    return this.#ahead
  }
}

/** Extends [start, stop) by `ahead` in its direction, inside [0, count). */
export function extend(start: number, stop: number, ahead: number, count: number): readonly [number, number] {
  const by = Math.trunc(ahead)
  return by >= 0 ? [start, Math.min(count, stop + by)] : [Math.max(0, start + by), stop]
}
