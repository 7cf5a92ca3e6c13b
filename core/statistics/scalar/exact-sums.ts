/**
 * Exact sums in JavaScript. Elements are split into integers of a few bits, which float64 adds without rounding up to
 * 2^53; `flush` then moves them into a BigInt.
 */

/** Maximum number of elements between two calls of `flush`: 2^14 products of up to 38 bits stay exact. */
export const EXACT_ELEMENTS = 2 ** 14

export interface ExactSums {
  readonly sum: bigint
  readonly squares: bigint
  /** Adds the intermediate sums to `sum` and `squares`. */
  flush(): void
}

const EXPONENTS = 2048
/** Exponents of the partial products of a square; 49 and 17 include the factor 2 of mixed products. */
const WEIGHTS = [96n, 64n, 49n, 32n, 17n, 0n] as const

export class FloatSums implements ExactSums {
  sum = 0n
  squares = 0n
  readonly #high = new Float64Array(EXPONENTS)
  readonly #low = new Float64Array(EXPONENTS)
  readonly #products = WEIGHTS.map(() => new Float64Array(EXPONENTS))
  readonly #touched = new Uint8Array(EXPONENTS)

  /** Adds a finite float64, given as two words. */
  add(low: number, high: number): void {
    const [top, a2, ab, acb2, bc, c2] = this.#products as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
    ]
    const biased = (high >>> 20) & 0x7ff
    const at = biased === 0 ? 1 : biased
    const a = (high & 0xfffff) | (biased === 0 ? 0 : 0x100000)
    const sign = high < 0 ? -1 : 1
    this.#touched[at] = 1
    this.#high[at]! += sign * a
    this.#low[at]! += sign * low
    const b = low >>> 16
    const c = low & 0xffff
    const lowSquare = Math.imul(a, a) >>> 0
    top[at]! += (a * a - lowSquare) / 2 ** 32
    a2[at]! += lowSquare
    ab[at]! += a * b
    acb2[at]! += 2 * a * c + b * b
    bc[at]! += b * c
    c2[at]! += c * c
  }

  flush(): void {
    for (let at = 0; at < EXPONENTS; at++) {
      if (this.#touched[at] === 0) continue
      this.#touched[at] = 0
      const exponent = BigInt(at - 1)
      this.sum += ((BigInt(takeSum(this.#high, at)) << 32n) + BigInt(takeSum(this.#low, at))) << exponent
      for (const [i, products] of this.#products.entries()) {
        this.squares += BigInt(takeSum(products, at)) << ((WEIGHTS[i] as bigint) + 2n * exponent)
      }
    }
  }
}

function takeSum(sums: Float64Array, at: number): number {
  const value = sums[at] as number
  sums[at] = 0
  return value
}

/** Sums integers of up to 64 bits, given as 16-bit words from lowest to highest; the last one carries the sign. */
export class IntegerSums implements ExactSums {
  sum = 0n
  squares = 0n
  readonly #words = new Float64Array(4)
  readonly #products = new Float64Array(7)

  add(a: number, b: number, c: number, d: number): void {
    const words = this.#words
    const products = this.#products
    words[0]! += a
    words[1]! += b
    words[2]! += c
    words[3]! += d
    products[0]! += a * a
    products[1]! += 2 * a * b
    products[2]! += 2 * a * c + b * b
    products[3]! += 2 * (a * d + b * c)
    products[4]! += 2 * b * d + c * c
    products[5]! += 2 * c * d
    products[6]! += d * d
  }

  flush(): void {
    for (let i = 0; i < 4; i++) this.sum += BigInt(takeSum(this.#words, i)) << BigInt(16 * i)
    for (let i = 0; i < 7; i++) this.squares += BigInt(takeSum(this.#products, i)) << BigInt(16 * i)
  }
}
