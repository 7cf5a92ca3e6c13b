import { performance } from 'node:perf_hooks'

/**
 * Longest pause between two calls of one burst, which share a check of the disk. In a shorter pause nothing can change a
 * file and come back (measured: truncating a file takes 5 µs in memory, removing one 5.5, writing one 8; more on a disk).
 */
const BURST_MS = 0.004
/** A burst checks the disk again after this long. */
const LONGEST_BURST_MS = 1

/** Decides when to check a file on disk again: at every operation, except within a burst of operations. */
export class StatThrottle {
  #lastUse = Number.NEGATIVE_INFINITY
  #lastCheck = Number.NEGATIVE_INFINITY

  /** Whether to check now. The caller then checks, and calls `checked()` if it found nothing wrong. */
  shouldCheck(): boolean {
    const now = performance.now()
    const isBurst = now - this.#lastUse < BURST_MS && now - this.#lastCheck < LONGEST_BURST_MS
    this.#lastUse = now
    return !isBurst
  }

  /** Records that a check found nothing wrong. The burst begins after the check, which may itself take long. */
  checked(): void {
    this.#lastCheck = this.#lastUse
    this.#lastUse = performance.now()
  }

  /** Records the end of a long operation, so that the next one may still belong to the burst. */
  touch(): void {
    this.#lastUse = performance.now()
  }
}
