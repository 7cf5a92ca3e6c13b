/** Counts of a kernel, moved from its 32 bits to float64 before they overflow. */
export class WideCounts {
  readonly #total: Float64Array
  readonly #counts: Uint32Array
  #since = 0

  /** `counts` is the kernel's table, or several consecutive tables of `length`. */
  constructor(counts: Uint32Array, length: number) {
    this.#counts = counts
    this.#total = new Float64Array(length)
  }

  /** Announces that this many elements are about to be counted. */
  expect(elements: number): void {
    this.#since += elements
    if (this.#since >= 2 ** 32) {
      this.#move()
      this.#since = elements
    }
  }

  at(i: number): number {
    const { length } = this.#total
    let count = this.#total[i] as number
    for (let at = i; at < this.#counts.length; at += length) count += this.#counts[at] as number
    return count
  }

  counts(): Float64Array {
    this.#move()
    return this.#total.slice()
  }

  #move(): void {
    const { length } = this.#total
    for (let i = 0; i < this.#counts.length; i++) this.#total[i % length]! += this.#counts[i] as number
    this.#counts.fill(0)
    this.#since = 0
  }
}
