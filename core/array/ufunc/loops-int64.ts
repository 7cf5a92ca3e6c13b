/** Loops over 64-bit integers as 32-bit halves (low, high), modulo 2^64: BigInt is five to ten times slower. */

export function add(a: Uint32Array, b: Uint32Array, n: number): void {
  for (let i = 0; i < 2 * n; i += 2) {
    const low = (a[i] as number) + (b[i] as number)
    a[i] = low
    a[i + 1] = (a[i + 1] as number) + (b[i + 1] as number) + (low > 0xffffffff ? 1 : 0)
  }
}

export function subtract(a: Uint32Array, b: Uint32Array, n: number): void {
  for (let i = 0; i < 2 * n; i += 2) {
    const low = (a[i] as number) - (b[i] as number)
    a[i] = low
    a[i + 1] = (a[i + 1] as number) - (b[i + 1] as number) - (low < 0 ? 1 : 0)
  }
}

export function multiply(a: Uint32Array, b: Uint32Array, n: number): void {
  for (let i = 0; i < 2 * n; i += 2) {
    const low = a[i] as number
    const otherLow = b[i] as number
    const high = Math.imul(low, b[i + 1] as number) + Math.imul(a[i + 1] as number, otherLow)
    a[i] = Math.imul(low, otherLow)
    a[i + 1] = (high + highHalf(low, otherLow)) | 0
  }
}

/** Returns the upper 32 bits of the product of two unsigned 32-bit numbers (Hacker's Delight, 8-2). */
function highHalf(x: number, y: number): number {
  const x0 = x & 0xffff
  const x1 = x >>> 16
  const y0 = y & 0xffff
  const y1 = y >>> 16
  const middle = x1 * y0 + ((x0 * y0) >>> 16)
  const lower = (middle & 0xffff) + x0 * y1
  return x1 * y1 + Math.floor(middle / 65536) + Math.floor(lower / 65536)
}

/** Exponents are non-negative and given as 64-bit halves. */
export function power(a: Uint32Array, exponents: Uint32Array, n: number): void {
  const base = new Uint32Array(2)
  const result = new Uint32Array(2)
  for (let i = 0; i < 2 * n; i += 2) {
    base[0] = a[i] as number
    base[1] = a[i + 1] as number
    result[0] = 1
    result[1] = 0
    let low = exponents[i] as number
    let high = exponents[i + 1] as number
    while (low !== 0 || high !== 0) {
      if ((low & 1) === 1) multiply(result, base, 1)
      multiply(base, base, 1)
      low = (low >>> 1) | ((high & 1) << 31)
      high >>>= 1
    }
    a.set(result, i)
  }
}

/** The sign bit decides; -2^63 is unchanged, as in NumPy. */
export function absolute(a: Uint32Array, n: number): void {
  for (let i = 0; i < 2 * n; i += 2) if ((a[i + 1] as number) >= 0x80000000) negateAt(a, i)
}

export function negative(a: Uint32Array, n: number): void {
  for (let i = 0; i < 2 * n; i += 2) negateAt(a, i)
}

function negateAt(a: Uint32Array, i: number): void {
  const low = a[i] as number
  a[i] = -low
  a[i + 1] = ~(a[i + 1] as number) + (low === 0 ? 1 : 0)
}
