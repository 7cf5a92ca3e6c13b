/** Cells that wait for longer show a bar. A bar that comes and goes quickly would only flicker. */
const WAITING_MS = 120

export class WaitingMark {
  readonly #body: HTMLElement
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(body: HTMLElement) {
    this.#body = body
  }

  update(isWaiting: boolean): void {
    if (isWaiting && this.#timer === null) {
      this.#timer = setTimeout(() => this.#body.toggleAttribute('data-waiting', true), WAITING_MS)
    } else if (!isWaiting && this.#timer !== null) {
      this.clear()
      this.#body.toggleAttribute('data-waiting', false)
    }
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
