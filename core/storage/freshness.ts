/** Calls that follow each other this fast share one look at the disk: no program changes a file and tells us of it in less. */
const BURST_MS = 0.02
/** A burst looks at the disk again after this long. */
const LONGEST_BURST_MS = 1

/** Says when to look at the disk again: at every operation, except within a burst of operations. */
export class Freshness {
  #lastUse = Number.NEGATIVE_INFINITY
  #lastCheck = Number.NEGATIVE_INFINITY

  /** Whether to look now. The caller then looks. */
  due(): boolean {
    const now = performance.now()
    const burst = now - this.#lastUse < BURST_MS && now - this.#lastCheck < LONGEST_BURST_MS
    this.#lastUse = now
    if (burst) return false
    this.#lastCheck = now
    return true
  }

  /** An operation that took long has ended: the next one may still belong to the burst. */
  used(): void {
    this.#lastUse = performance.now()
  }
}
