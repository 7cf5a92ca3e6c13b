/** Counts that a kernel keeps in 32 bits; they are moved to float64 before they could overflow. */
export class MovedCounts {
  readonly #total: Float64Array
  readonly #counts: Uint32Array
  #since = 0

  /** `counts`: the kernel's table, or several tables of `length` behind each other. */
  constructor(counts: Uint32Array, length: number) {
    this.#counts = counts
    this.#total = new Float64Array(length)
  }

  /** So many elements are going to be counted. */
  expect(elements: number): void {
    this.#since += elements
    if (this.#since >= 2 ** 32) {
      this.#move()
      this.#since = elements
    }
  }

  /** How often entry `i` was counted. */
  at(i: number): number {
    const { length } = this.#total
    let count = this.#total[i] as number
    for (let at = i; at < this.#counts.length; at += length) count += this.#counts[at] as number
    return count
  }

  /** A copy of all counts. */
  settled(): Float64Array {
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
