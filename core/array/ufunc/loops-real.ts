type BinaryLoop<Elements> = (a: Elements, b: Elements, n: number) => void

/** Logical operations: NumPy's `+` and `*` of bools. */
export const bool = {
  add: (a: Uint8Array, b: Uint8Array, n: number): void => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) !== 0 || (b[i] as number) !== 0 ? 1 : 0
  },
  multiply: (a: Uint8Array, b: Uint8Array, n: number): void => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) !== 0 && (b[i] as number) !== 0 ? 1 : 0
  },
}

/** Modulo 2^32, which is also right for the low bits of shorter integers. */
export const i32 = {
  add: (a: Int32Array, b: Int32Array, n: number): void => {
    for (let i = 0; i < n; i++) a[i] = ((a[i] as number) + (b[i] as number)) | 0
  },
  subtract: (a: Int32Array, b: Int32Array, n: number): void => {
    for (let i = 0; i < n; i++) a[i] = ((a[i] as number) - (b[i] as number)) | 0
  },
  multiply: (a: Int32Array, b: Int32Array, n: number): void => {
    for (let i = 0; i < n; i++) a[i] = Math.imul(a[i] as number, b[i] as number)
  },
  power: (a: Int32Array, exponents: Uint32Array, n: number): void => {
    for (let i = 0; i < n; i++) {
      let base = a[i] as number
      let result = 1
      let low = exponents[2 * i] as number
      let high = exponents[2 * i + 1] as number
      while (low !== 0 || high !== 0) {
        if ((low & 1) === 1) result = Math.imul(result, base)
        base = Math.imul(base, base)
        low = (low >>> 1) | ((high & 1) << 31)
        high >>>= 1
      }
      a[i] = result
    }
  },
}

/** The double result of two float32 is exact enough that storing it rounds like a float32 operation. */
export const f32: Record<'add' | 'subtract' | 'multiply' | 'divide', BinaryLoop<Float32Array>> = {
  add: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) + (b[i] as number)
  },
  subtract: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) - (b[i] as number)
  },
  multiply: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) * (b[i] as number)
  },
  divide: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) / (b[i] as number)
  },
}

/** Same as C's pow: 1 to any power is 1, and so is -1 to an infinite one, where JavaScript returns NaN. */
const pow = (base: number, exponent: number): number =>
  base === 1 || (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) ? 1 : base ** exponent

export const f64: Record<'add' | 'subtract' | 'multiply' | 'divide' | 'power', BinaryLoop<Float64Array>> = {
  add: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) + (b[i] as number)
  },
  subtract: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) - (b[i] as number)
  },
  multiply: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) * (b[i] as number)
  },
  divide: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = (a[i] as number) / (b[i] as number)
  },
  power: (a, b, n) => {
    for (let i = 0; i < n; i++) a[i] = pow(a[i] as number, b[i] as number)
  },
}

/** Rounds to float32 what NumPy computes in float32 before storing it as float16. */
export function roundToFloat32(a: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) a[i] = Math.fround(a[i] as number)
}
