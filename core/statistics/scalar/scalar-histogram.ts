import { type Edges, findBin } from '../accumulators/histogram.ts'

/** Histogram with given edges that counts one value at a time. */
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

  /** Returns the count of each bin, then the counts of values below the first and above the last edge. */
  counts(): Float64Array {
    return this.#counts.slice()
  }
}
