/** What is kept of each column: ten float64, see `fields`. */
const COLUMN_FIELDS = 10

/**
 * Sums of columns over some rows, in one pass: counts, extremes, mean and spread, and a fingerprint of the values at
 * their places. Sums are of differences from the column's first finite value of these rows, so that a mean far from 0
 * costs no digits; relative error of mean and spread is then below 1e-10 for values of one magnitude.
 */
export class ColumnSums {
  readonly columns: number
  readonly #finite: Float64Array
  readonly #nan: Float64Array
  readonly #infinite: Float64Array
  readonly #zeros: Float64Array
  readonly #min: Float64Array
  readonly #max: Float64Array
  readonly #base: Float64Array
  readonly #sum: Float64Array
  readonly #squares: Float64Array
  readonly #low: Uint32Array
  readonly #high: Uint32Array

  constructor(columns: number) {
    this.columns = columns
    const numbers = (): Float64Array => new Float64Array(columns)
    this.#finite = numbers()
    this.#nan = numbers()
    this.#infinite = numbers()
    this.#zeros = numbers()
    this.#min = numbers().fill(Infinity)
    this.#max = numbers().fill(-Infinity)
    this.#base = numbers()
    this.#sum = numbers()
    this.#squares = numbers()
    this.#low = new Uint32Array(columns)
    this.#high = new Uint32Array(columns)
  }

  /** Takes in whole rows of values; `row` is the position of the first. */
  add(values: Float64Array, row: number): void {
    const { columns } = this
    const words = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length)
    for (let at = 0, position = row; at < values.length; position++) {
      const place = Math.imul(position, 0x9e3779b1) ^ (position / 2 ** 32)
      for (let column = 0; column < columns; column++, at++) {
        this.#addValue(column, values[at] as number)
        const bits = mixed((words[2 * at] as number) ^ place) + Math.imul(words[2 * at + 1] as number, 0x85ebca6b)
        this.#low[column] = (this.#low[column] as number) + mixed(bits)
        this.#high[column] = (this.#high[column] as number) + mixed(bits ^ 0x2545f491)
      }
    }
  }

  #addValue(column: number, value: number): void {
    const difference = value - (this.#base[column] as number)
    if (value !== value) this.#nan[column] = (this.#nan[column] as number) + 1
    else if (value === Infinity || value === -Infinity) this.#infinite[column] = (this.#infinite[column] as number) + 1
    else {
      if (value === 0) this.#zeros[column] = (this.#zeros[column] as number) + 1
      if (value < (this.#min[column] as number)) this.#min[column] = value
      if (value > (this.#max[column] as number)) this.#max[column] = value
      if (this.#finite[column] === 0) this.#base[column] = value
      else {
        this.#sum[column] = (this.#sum[column] as number) + difference
        this.#squares[column] = (this.#squares[column] as number) + difference * difference
      }
      this.#finite[column] = (this.#finite[column] as number) + 1
    }
  }

  /** For each column: finite, NaN, infinite, zeros, min, max, mean, sum of squared differences from it, fingerprint (2). */
  fields(): Float64Array<ArrayBuffer> {
    const out = new Float64Array(COLUMN_FIELDS * this.columns)
    for (let column = 0; column < this.columns; column++) {
      const finite = this.#finite[column] as number
      const sum = this.#sum[column] as number
      const some = finite > 0
      out.set(
        [
          finite,
          this.#nan[column] as number,
          this.#infinite[column] as number,
          this.#zeros[column] as number,
          some ? (this.#min[column] as number) : NaN,
          some ? (this.#max[column] as number) : NaN,
          some ? (this.#base[column] as number) + sum / finite : NaN,
          some ? Math.max(0, (this.#squares[column] as number) - (sum * sum) / finite) : NaN,
          this.#low[column] as number,
          this.#high[column] as number,
        ],
        COLUMN_FIELDS * column,
      )
    }
    return out
  }
}

/** The finalizer of MurmurHash3 (Appleby). */
function mixed(word: number): number {
  let h = word ^ (word >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
