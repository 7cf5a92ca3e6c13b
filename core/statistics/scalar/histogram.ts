import { type Edges, placeIn } from '../accumulators/histogram.ts'

/** Counts finite values between edges. */
export class ScalarHistogram {
  readonly #edges: Float64Array
  readonly #counts: Float64Array

  constructor({ edges }: Edges) {
    this.#edges = edges
    this.#counts = new Float64Array(edges.length + 1)
  }

  add(value: number): void {
    this.#counts[placeIn(this.#edges, value)]! += 1
  }

  /** A count for each bin, then of those below and of those above. */
  counts(): Float64Array {
    return this.#counts.slice()
  }
}
