/**
 * Exact sums in JavaScript. Elements are taken apart into whole numbers of a few bits, which are added up as float64
 * without rounding for as long as they stay below 2^53; then they go into a BigInt.
 */

/** So many elements may be added between two calls of `settle`: 2^14 products of up to 38 bits stay exact. */
export const EXACT_ELEMENTS = 2 ** 14

/** The exact sum of elements and of their squares. */
export interface ExactSums {
  readonly sum: bigint
  readonly squares: bigint
  /** Brings what was added into the sums. */
  settle(): void
}

const EXPONENTS = 2048
/** Products that make up a square, by their weight: 2^96, 2^64 (2^64 of the two), 2^48, 2^32, 2^16, 1. */
const WEIGHTS = [96n, 64n, 49n, 32n, 17n, 0n] as const

/** Sums of float64 by exponent. */
export class FloatSums implements ExactSums {
  sum = 0n
  squares = 0n
  readonly #high = new Float64Array(EXPONENTS)
  readonly #low = new Float64Array(EXPONENTS)
  readonly #products = WEIGHTS.map(() => new Float64Array(EXPONENTS))
  readonly #touched = new Uint8Array(EXPONENTS)

  /** Adds a finite float64 by its two words. */
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

  settle(): void {
    for (let at = 0; at < EXPONENTS; at++) {
      if (this.#touched[at] === 0) continue
      this.#touched[at] = 0
      const exponent = BigInt(at - 1)
      this.sum += ((BigInt(taken(this.#high, at)) << 32n) + BigInt(taken(this.#low, at))) << exponent
      for (const [i, products] of this.#products.entries()) {
        this.squares += BigInt(taken(products, at)) << ((WEIGHTS[i] as bigint) + 2n * exponent)
      }
    }
  }
}

function taken(sums: Float64Array, at: number): number {
  const value = sums[at] as number
  sums[at] = 0
  return value
}

/** Sums of integers of up to 64 bits, given as their words from the lowest to the highest 16 bits, the last one signed. */
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

  settle(): void {
    for (let i = 0; i < 4; i++) this.sum += BigInt(taken(this.#words, i)) << BigInt(16 * i)
    for (let i = 0; i < 7; i++) this.squares += BigInt(taken(this.#products, i)) << BigInt(16 * i)
  }
}
