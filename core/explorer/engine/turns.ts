/** Longest that a task reads before it waits for its next turn, in milliseconds. */
export const TURN_MS = 12

/** Turns of tasks that read in the engine thread: one in each turn of the event loop, so that requests come in between. */
export class Turns {
  readonly #waiting: (() => void)[] = []
  #isScheduled = false

  next(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
      this.#schedule()
    })
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#waiting.shift()?.()
      this.#schedule()
    })
  }
}
