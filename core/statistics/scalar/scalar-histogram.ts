import { type Edges, findBin } from '../accumulators/histogram.ts'

export class ScalarHistogram {
  readonly #edges: Float64Array
  readonly #counts: Float64Array

  constructor({ edges }: Edges) {
    this.#edges = edges
    this.#counts = new Float64Array(edges.length + 1)
  }

  add(value: number): void {
    this.#counts[findBin(this.#edges, value)]! += 1
  }

  /** Returns the counts per bin, then below and above. */
  counts(): Float64Array {
    return this.#counts.slice()
  }
}
