/** Loops over pairs (re, im). NumPy may fuse the steps of a product, so its last bit differs between machines. */

type Pairs = Float32Array | Float64Array
type Round = (value: number) => number

interface Complex {
  readonly re: number
  readonly im: number
}

const at = (a: Pairs, i: number): Complex => ({ re: a[2 * i] as number, im: a[2 * i + 1] as number })

function put(a: Pairs, i: number, value: Complex): void {
  a[2 * i] = value.re
  a[2 * i + 1] = value.im
}

export function add(a: Pairs, b: Pairs, n: number): void {
  for (let i = 0; i < 2 * n; i++) a[i] = (a[i] as number) + (b[i] as number)
}

export function subtract(a: Pairs, b: Pairs, n: number): void {
  for (let i = 0; i < 2 * n; i++) a[i] = (a[i] as number) - (b[i] as number)
}

const product = (x: Complex, y: Complex, round: Round): Complex => ({
  re: round(round(x.re * y.re) - round(x.im * y.im)),
  im: round(round(x.re * y.im) + round(x.im * y.re)),
})

/** Divides with Smith's algorithm (Comm. ACM 5, 1962), as NumPy does. */
function quotient(x: Complex, y: Complex, round: Round): Complex {
  const absRe = Math.abs(y.re)
  const absIm = Math.abs(y.im)
  if (absRe >= absIm) {
    if (absRe === 0 && absIm === 0) return { re: x.re / absRe, im: x.im / absRe }
    const ratio = round(y.im / y.re)
    const scale = round(1 / round(y.re + round(y.im * ratio)))
    return {
      re: round(round(x.re + round(x.im * ratio)) * scale),
      im: round(round(x.im - round(x.re * ratio)) * scale),
    }
  }
  const ratio = round(y.re / y.im)
  const scale = round(1 / round(y.im + round(y.re * ratio)))
  return {
    re: round(round(round(x.re * ratio) + x.im) * scale),
    im: round(round(round(x.im * ratio) - x.re) * scale),
  }
}

const ONE: Complex = { re: 1, im: 0 }
const NOT_A_NUMBER: Complex = { re: Number.NaN, im: Number.NaN }

/** Same as `npy_cpow`: small integer powers by multiplication, others by exp and log. */
function raised(x: Complex, y: Complex, round: Round): Complex {
  if (y.re === 0 && y.im === 0) return ONE
  if (x.re === 0 && x.im === 0) return y.re > 0 ? { re: 0, im: 0 } : NOT_A_NUMBER
  if (y.im === 0 && Number.isInteger(y.re) && Math.abs(y.re) < 100) {
    let power = ONE
    let base = x
    for (let left = Math.abs(y.re); ; base = product(base, base, round)) {
      if (left % 2 === 1) power = power === ONE ? base : product(power, base, round)
      left = Math.floor(left / 2)
      if (left === 0) break
    }
    return y.re < 0 ? quotient(ONE, power, round) : power
  }
  return exponential(product(y, logarithm(x), value => value))
}

const exact: Round = value => value

export const multiply =
  (round: Round = exact) =>
  (a: Pairs, b: Pairs, n: number): void => {
    for (let i = 0; i < n; i++) put(a, i, product(at(a, i), at(b, i), round))
  }

export const divide =
  (round: Round = exact) =>
  (a: Pairs, b: Pairs, n: number): void => {
    for (let i = 0; i < n; i++) put(a, i, quotient(at(a, i), at(b, i), round))
  }

export const power =
  (round: Round = exact) =>
  (a: Pairs, b: Pairs, n: number): void => {
    for (let i = 0; i < n; i++) put(a, i, raised(at(a, i), at(b, i), round))
  }

/** Same as C99's cexp. */
function exponential({ re, im }: Complex): Complex {
  if (im === 0) return { re: Math.exp(re), im }
  if (re === Number.NEGATIVE_INFINITY && !Number.isFinite(im)) return { re: 0, im: 0 }
  if (re === Number.POSITIVE_INFINITY && !Number.isFinite(im)) return { re, im: Number.NaN }
  // e^re alone may overflow where its product with a sine does not.
  const half = re > 709 && Number.isFinite(re) ? Math.exp(re / 2) : 0
  if (half !== 0) return { re: half * Math.cos(im) * half, im: half * Math.sin(im) * half }
  const scale = Math.exp(re)
  return { re: scale * Math.cos(im), im: scale * Math.sin(im) }
}

/** Same as C99's clog; uses log1p near the unit circle, where log would lose digits. */
function logarithm({ re, im }: Complex): Complex {
  const angle = Math.atan2(im, re)
  const x = Math.max(Math.abs(re), Math.abs(im))
  const y = Math.min(Math.abs(re), Math.abs(im))
  if (x > 0.5 && x < 2 && y < 2) return { re: Math.log1p((x - 1) * (x + 1) + y * y) / 2, im: angle }
  return { re: Math.log(Math.hypot(re, im)), im: angle }
}

/** Same as C99's csqrt (branch cut along the negative reals). */
function squareRoot({ re, im }: Complex): Complex {
  if (re === 0 && im === 0) return { re: 0, im }
  if (Math.abs(im) === Number.POSITIVE_INFINITY) return { re: Number.POSITIVE_INFINITY, im }
  if (Number.isNaN(re)) return NOT_A_NUMBER
  if (Math.abs(re) === Number.POSITIVE_INFINITY) {
    const other = Number.isNaN(im) ? im : Object.is(im, -0) || im < 0 ? -0 : 0
    if (re > 0) return { re, im: other }
    return { re: Number.isNaN(im) ? im : 0, im: Object.is(im, -0) || im < 0 ? re : -re }
  }
  // Halves twice where the sum below would overflow.
  const scale = Math.max(Math.abs(re), Math.abs(im)) > 2 ** 1021 ? 2 : 1
  const x = re / scale ** 2
  const y = im / scale ** 2
  if (x >= 0) {
    const root = Math.sqrt((x + Math.hypot(x, y)) / 2)
    return { re: scale * root, im: (scale * y) / (2 * root) }
  }
  const root = Math.sqrt((-x + Math.hypot(x, y)) / 2)
  return {
    re: (scale * Math.abs(y)) / (2 * root),
    im: y < 0 || Object.is(y, -0) ? -scale * root : scale * root,
  }
}

const sine = ({ re, im }: Complex): Complex => ({
  re: Math.sin(re) * Math.cosh(im),
  im: im === 0 ? Math.cos(re) * im : Math.cos(re) * Math.sinh(im),
})

const cosine = ({ re, im }: Complex): Complex => ({
  re: Math.cos(re) * Math.cosh(im),
  im: im === 0 || re === 0 ? -Math.sin(re) * im : -Math.sin(re) * Math.sinh(im),
})

const scaledLogarithm =
  (factor: number) =>
  (value: Complex): Complex => {
    const { re, im } = logarithm(value)
    return { re: re * factor, im: im * factor }
  }

export const functions: Partial<Record<string, (value: Complex) => Complex>> = {
  sqrt: squareRoot,
  square: (value: Complex): Complex => product(value, value, exact),
  exp: exponential,
  log: logarithm,
  log2: scaledLogarithm(Math.LOG2E),
  log10: scaledLogarithm(Math.LOG10E),
  sin: sine,
  cos: cosine,
  absolute: ({ re, im }: Complex): Complex => ({ re: Math.hypot(re, im), im: 0 }),
  reciprocal: (value: Complex): Complex => quotient(ONE, value, exact),
  negative: ({ re, im }: Complex): Complex => ({ re: -re, im: -im }),
  rint: ({ re, im }: Complex): Complex => ({ re: roundHalfEven(re), im: roundHalfEven(im) }),
}

export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const over = value - floor
  if (over < 0.5 || (over === 0.5 && floor % 2 === 0)) return floor === 0 && value < 0 ? -0 : floor
  if (!(over >= 0.5)) return value
  return floor === -1 ? -0 : floor + 1
}

export function apply(a: Pairs, n: number, work: (value: Complex) => Complex): void {
  for (let i = 0; i < n; i++) put(a, i, work(at(a, i)))
}
