/** The requests that the host answers: in order, one per turn of the event loop, none while the window is held. */
export class HostTurns<T> {
  readonly #answer: (request: T) => void
  #waiting: T[] = []
  #held = false
  #resting = false

  constructor(answer: (request: T) => void) {
    this.#answer = answer
  }

  add(request: T): void {
    this.#waiting.push(request)
    this.#next()
  }

  hold(held: boolean): void {
    this.#held = held
    this.#next()
  }

  remove(request: T): void {
    this.#waiting = this.#waiting.filter(other => other !== request)
  }

  clear(): void {
    this.#waiting = []
  }

  #next(): void {
    if (this.#held || this.#resting) return
    const request = this.#waiting.shift()
    if (request === undefined) return
    this.#resting = true
    setImmediate(() => {
      this.#resting = false
      this.#next()
    })
    this.#answer(request)
  }
}
